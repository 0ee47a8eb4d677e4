"""What instruments measured: taken in once, kept as said, filed to a patient, proposed, accepted."""
