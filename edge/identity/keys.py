"""Keys that never leave the gateway: P-256, as a file only we may read, or inside a token.

Loaded only by commands that end again; ``cryptography`` takes 15 MB.
"""

import base64
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge import disk
from edge.identity import token
from edge.identity.refusals import EnrolmentRefused

Key = ec.EllipticCurvePrivateKey


def make(folder: Path, uri: str | None, label: str) -> Key:
    """A new key: ``key.pem`` (0600) in the folder, or in the token of ``uri`` as ``label``, with ``key.uri`` here."""
    if uri is not None:
        made, where = token.make(uri, label)
        disk.write(folder / "key.uri", where + "\n", 0o600)
        return made
    key = ec.generate_private_key(ec.SECP256R1())
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()
    disk.write(folder / "key.pem", text, 0o600)
    return key


def read(folder: Path) -> Key:
    """The key of a set of papers. Raises EnrolmentRefused."""
    if (uri := folder / "key.uri").is_file():
        return token.open_key(uri.read_text("utf-8").strip())
    try:
        found = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    except (OSError, ValueError) as trouble:
        raise EnrolmentRefused(
            f"The key in {folder} cannot be read ({trouble}). Enrol this gateway again with a new claim."
        ) from None
    return cast(Key, found)


def request(key: Key) -> x509.CertificateSigningRequest:
    """A signing request; the name in it is a placeholder, the cloud writes the true one."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a gateway")])
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())


def pem(csr: x509.CertificateSigningRequest) -> str:
    """As it travels."""
    return csr.public_bytes(serialization.Encoding.PEM).decode()


def proof(key: Key, csr: x509.CertificateSigningRequest) -> bytes:
    """The old key's word that the new request is ours: ECDSA with SHA-256 over the DER of the request, DER."""
    return key.sign(csr.public_bytes(serialization.Encoding.DER), ec.ECDSA(hashes.SHA256()))


def spki(key: Key) -> str:
    """The public key, to compare."""
    public = key.public_key()
    return base64.b64encode(
        public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()
