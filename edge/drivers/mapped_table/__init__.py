"""Tables of any program, by a map its gateway was given."""
