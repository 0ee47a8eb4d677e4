"""Keys and signatures of releases: Ed25519 over the bytes of the manifest.

The private key belongs on a machine that does nothing else, or on a token. A gateway's image holds public keys, two
of them while the key is being changed.
"""

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from edge.updates.proving import signed
from edge.updates.refusals import UpdateRefused
from protocols.envelope import Malformed, decode
from protocols.envelope.release import MANIFEST, SIGNATURE, Manifest


def keygen(private: Path) -> Path:
    """Make a pair; the private key is for its owner alone. Gives the public key's file. Raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = private.with_name(private.stem + ".pub.pem")
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def sign(release: Path, private: Path) -> Path:
    """Sign the manifest in a release's folder. Raises ValueError for a key of another kind."""
    key = load_pem_private_key(private.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{private} is not an Ed25519 key")
    signature = release / SIGNATURE
    signature.write_bytes(key.sign((release / MANIFEST).read_bytes()))
    return signature


def verify(release: Path, keys: Path) -> Manifest:
    """The manifest, once its signature and every archive beside it are proved. Raises UpdateRefused."""
    try:
        text = (release / MANIFEST).read_bytes()
        if not signed(text, (release / SIGNATURE).read_bytes(), keys):
            raise UpdateRefused("The release is not signed by any of these keys.")
        manifest = decode(Manifest, text)
        for archive in manifest.archives:
            if hashlib.sha256((release / archive.name).read_bytes()).hexdigest() != archive.sha256:
                raise UpdateRefused(f"{archive.name} is not as it was signed.")
    except OSError as trouble:
        raise UpdateRefused(f"The release is not whole: {trouble.filename} cannot be read.") from None
    except Malformed as refusal:
        raise UpdateRefused(f"The manifest cannot be read ({refusal}).") from None
    return manifest
