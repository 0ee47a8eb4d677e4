"""What the database keeps of a secret that somebody else holds."""

import hashlib


def digest(secret: str) -> str:
    """SHA-256 in hex, of what is made of much randomness: no salt is needed over it."""
    return hashlib.sha256(secret.encode()).hexdigest()
