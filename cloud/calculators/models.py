"""Tables of the calculators room."""
