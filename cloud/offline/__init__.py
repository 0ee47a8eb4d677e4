"""A store's queue without the internet: the book its gateway goes on from, and what it did, taken over afterwards."""
