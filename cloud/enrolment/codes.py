"""The secret of a claim: 130 random bits as 26 letters that nobody mistakes, and a 27th that catches slips of the hand.

QR and paper carry the same secret, on paper in groups. Letters that look alike are left out (Crockford's alphabet);
the check letter is the remainder by 37 (his too), so that a single wrong letter or two that changed places are known
before anyone is asked. Of the code only a hash is kept.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = f"{ALPHABET}*~$=U"
LETTERS, GROUP, MOST_TYPED = 26, 5, 80
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def fresh() -> str:
    """A new code of 27 letters, from the operating system's randomness."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
        if (check := _check(letters)) in ALPHABET:  # the other five are signs that a shell may take for its own
            return letters + check


def grouped(code: str) -> str:
    """As it is printed: ``7K2MQ-9RD1X-…``."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def normal(typed: str) -> str | None:
    """What somebody typed, as the code was made; None for what cannot be one."""
    code = "".join(typed[:MOST_TYPED].upper().translate(_ALIKE).replace("-", "").split())
    letters, check = code[:LETTERS], code[LETTERS:]
    if len(code) != LETTERS + 1 or not set(letters) <= set(ALPHABET):
        return None
    return code if check == _check(letters) else None


def comparison(fingerprint: str) -> str:
    """Six letters of a key's fingerprint (hex) that the box shows and the page shows: ``4F7-K2Q``."""
    number = int(fingerprint[:16], 16)
    letters = "".join(ALPHABET[number >> (5 * place) & 31] for place in range(6))
    return f"{letters[:3]}-{letters[3:]}"


def _check(letters: str) -> str:
    number = 0
    for letter in letters:
        number = (number * 32 + ALPHABET.index(letter)) % 37
    return _CHECKS[number]
