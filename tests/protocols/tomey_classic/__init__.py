"""Lines of fixed columns."""
