"""Tables of the clinic room."""
