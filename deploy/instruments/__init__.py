"""What instruments say, on the command line: decode a capture, identify one, list what is supported."""
