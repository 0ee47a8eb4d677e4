"""Whether a release may run here: its signature by a key of the image, and whether it fits this gateway.

Checking a signature loads a library of 12 MB, so the gateway has it done by a process that ends with it:
``python -m edge.updates.proving MANIFEST SIGNATURE KEYS``.
"""

import subprocess
import sys
from pathlib import Path

from edge.updates.refusals import UpdateRefused
from protocols.envelope import Malformed, decode
from protocols.envelope.release import Archive, Manifest, order

UNKNOWN_KEY = 3


def signed(manifest: bytes, signature: bytes, keys: Path) -> bool:
    """Whether one of the public keys (``*.pem``) in ``keys`` signed these very bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    for file in sorted(keys.glob("*.pem")):
        key = load_pem_public_key(file.read_bytes())
        try:
            if isinstance(key, Ed25519PublicKey):
                key.verify(signature, manifest)
                return True
        except InvalidSignature:
            continue
    return False


def prove(manifest: Path, signature: Path, keys: Path) -> None:
    """The same in a process of its own. Raises UpdateRefused."""
    words = [sys.executable, "-P", "-m", "edge.updates.proving", str(manifest), str(signature), str(keys)]
    asked = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False)  # noqa: S603
    if asked.returncode:
        raise UpdateRefused("The release is not signed by a key this gateway knows.")


def read(text: bytes) -> Manifest:
    """A manifest whose signature was checked. Raises UpdateRefused."""
    try:
        return decode(Manifest, text)
    except Malformed as refusal:
        raise UpdateRefused(f"The release cannot be read by this gateway ({refusal}).") from None


def fitting(manifest: Manifest, *, running: str, platform: str, python: str, back: bool) -> Archive:
    """The archive for this gateway. Raises UpdateRefused.

    ``running`` is the version that is to be left; an older one may follow it only where ``back`` orders it.
    """
    if order(manifest.version) < order(running) and not back:
        raise UpdateRefused(f"{manifest.version} is older than {running}; going back has to be ordered.")
    if manifest.after and order(running) < order(manifest.after):
        raise UpdateRefused(f"{manifest.version} follows {manifest.after} or newer, and here runs {running}.")
    ours = [one for one in manifest.archives if one.platform == platform]
    found = next((one for one in ours if one.python == python), None)
    if found is None:
        made = ", ".join(f"{one.platform} with Python {one.python}" for one in manifest.archives) or "nothing"
        raise UpdateRefused(f"{manifest.version} is made for {made}; this gateway is {platform} with Python {python}.")
    return found


if __name__ == "__main__":
    _manifest, _signature, _keys = (Path(word) for word in sys.argv[1:4])
    sys.exit(0 if signed(_manifest.read_bytes(), _signature.read_bytes(), _keys) else UNKNOWN_KEY)
