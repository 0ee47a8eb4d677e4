"""Pages without signing in: the kiosk, one's own place, the code in the message."""
