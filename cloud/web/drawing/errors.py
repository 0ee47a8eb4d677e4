"""What cannot be taken as a drawing."""


class UnreadableDrawing(ValueError):
    """The value is no drawing of ours; the text says in which part and why, without repeating what was written."""
