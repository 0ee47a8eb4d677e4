"""Pictures of readings, what is derived from them, marks beside them."""
