"""Tables of the prescriptions room."""
