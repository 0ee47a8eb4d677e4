"""Text whose encoding nobody has told. Figures are the same bytes in all that are tried: only a name can suffer."""


def text(raw: bytes) -> str:
    """UTF-8 where it is that, else every byte a character."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
