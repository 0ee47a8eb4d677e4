"""The ways in: the desk, the kiosk, the code in the message; and one's own place in the queue on a phone."""
