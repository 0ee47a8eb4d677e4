"""The record of an examination: drafted, signed, amended, never changed; what was found, of which eye, by whom."""
