"""Format 2 of an RT-6000."""
