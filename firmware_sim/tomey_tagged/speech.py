"""A tag in brackets and its fields behind commas."""


def tagged(tag: str, *fields: str, end: str = "\r\n") -> str:
    """One line."""
    return f"[{tag}]" + "".join(f",{field}" for field in fields) + end
