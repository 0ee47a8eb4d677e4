"""The print-out of a tonometer."""
