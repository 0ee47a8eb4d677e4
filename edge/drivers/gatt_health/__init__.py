"""Bluetooth devices of a check-up with standard health profiles."""
