"""What stands on the paper and nowhere else: the token in the QR, the code to type, and their hashes.

The token has 192 random bits, so that finding one by guessing is hopeless; the code has 60, few enough to type and
enough while guesses are counted. Letters that look alike are left out (Crockford's alphabet).
"""

import re
import secrets
from typing import NamedTuple

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_BYTES, CODE_LETTERS, MOST_TYPED = 24, 12, 60
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Secret(NamedTuple):
    """Token and code of one paper; shown once."""

    token: str
    code: str


def fresh() -> Secret:
    """A new pair, from the operating system's randomness."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    return Secret(secrets.token_urlsafe(TOKEN_BYTES), code)


def grouped(code: str) -> str:
    """As it is printed: ``7K2M-Q9RD-1XVA``."""
    return "-".join(code[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def typed(text: str) -> str:
    """What somebody typed, as the code would be written."""
    return "".join(text.upper().translate(_ALIKE).replace("-", "").split())


def normal(secret: str) -> str | None:
    """A token as it is or a code as it is printed; None for what can be neither, so that nobody need look for it."""
    if _TOKEN.fullmatch(secret):
        return secret
    code = typed(secret[:MOST_TYPED])
    return code if len(code) == CODE_LETTERS and set(code) <= set(ALPHABET) else None
