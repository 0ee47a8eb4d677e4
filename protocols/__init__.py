"""What travels: bytes in, readings out; pure, without clock, disk or network."""
