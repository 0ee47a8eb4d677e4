"""Which clinical rules a chain uses, and a page that shows each at work with its source."""
