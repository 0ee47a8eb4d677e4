"""Certificates as bytes: what a box asks for, what is signed, what is proved. P-256 and SHA-256 throughout.

Knows no folder and no table; times are UTC, serials and fingerprints (SHA-256) hex.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cloud.enrolment.errors import BadRequest

# A box whose clock runs a little behind is not told that its certificate is not valid yet.
BEFORE = timedelta(minutes=5)
# A list that is not renewed any more must not lock every gateway out over a long weekend.
LIST_LIFE = timedelta(days=30)
# of a common name, in characters (X.520, ub-common-name)
LONGEST_NAME = 64
_SHA256 = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def name(self) -> str:
        """Fingerprint of the signing key, by which its certificates and its list are told from others'."""
        return key_fingerprint(self.certificate.public_key())


@dataclass(frozen=True, slots=True)
class Revoked:
    """A line of the list of revoked certificates."""

    serial: str
    at: datetime
    signer: str


def request(pem: str) -> x509.CertificateSigningRequest:
    """What a box asks to be signed: a P-256 key that it holds. Raises BadRequest."""
    try:
        found = x509.load_pem_x509_csr(pem.encode())
        held = found.is_signature_valid
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType) as wrong:
        raise BadRequest("the signing request cannot be read") from wrong
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadRequest("the key of the signing request must be on the curve P-256")
    if not held:
        raise BadRequest("the signing request is not signed by its own key")
    return found


def read(pem: str) -> x509.Certificate:
    """The first certificate in a PEM text. Raises BadRequest."""
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise BadRequest("the certificate cannot be read") from wrong


def check_proof(old: x509.Certificate, asked: x509.CertificateSigningRequest, proof: bytes) -> None:
    """That whoever holds the old key asks for the new certificate. Raises BadRequest."""
    key = old.public_key()
    try:
        assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101  (we issue no other)
        key.verify(proof, asked.public_bytes(serialization.Encoding.DER), _SHA256)
    except InvalidSignature as wrong:
        raise BadRequest("the proof is not a signature of the request by the key of the certificate") from wrong


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def key_fingerprint(key: object) -> str:
    """SHA-256 of the public key as SubjectPublicKeyInfo."""
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(spki)
    return digest.finalize().hex()


def serial(certificate: x509.Certificate) -> str:
    """The number of a certificate."""
    return f"{certificate.serial_number:x}"


def pem(*certificates: x509.Certificate) -> str:
    """Certificates one below the other."""
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in certificates)


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def root(name: str, at: datetime, life: timedelta) -> Signer:
    """A new root, signed by itself."""
    key = new_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _begun(subject, subject, key.public_key(), at, life)
    made = _of_authority(made, depth=1).add_extension(_subject_id(key.public_key()), critical=False)
    return Signer(made.sign(key, hashes.SHA256()), key)


def issuer(name: str, above: Signer, at: datetime, life: timedelta) -> Signer:
    """A new issuing authority below a root."""
    key = new_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _of_authority(_below(subject, above, key.public_key(), at, life), depth=0)
    return Signer(made.sign(above.key, hashes.SHA256()), key)


def client(signer: Signer, name: str, key: object, at: datetime, life: timedelta) -> x509.Certificate:
    """A certificate for whoever connects under this name."""
    return _leaf(signer, name, key, at, life, ExtendedKeyUsageOID.CLIENT_AUTH).sign(signer.key, hashes.SHA256())


def server(signer: Signer, hosts: Sequence[str], key: object, at: datetime, life: timedelta) -> x509.Certificate:
    """A certificate for whoever is connected to under these names or numbers."""
    made = _leaf(signer, hosts[0][:LONGEST_NAME], key, at, life, ExtendedKeyUsageOID.SERVER_AUTH)
    names = x509.SubjectAlternativeName([_host(host) for host in hosts])
    return made.add_extension(names, critical=False).sign(signer.key, hashes.SHA256())


def revocation_list(signer: Signer, revoked: Iterable[Revoked], at: datetime) -> str:
    """The list of revoked certificates of one signer, as PEM."""
    made = x509.CertificateRevocationListBuilder().issuer_name(signer.certificate.subject)
    made = made.last_update(at - BEFORE).next_update(at + LIST_LIFE)
    made = made.add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    made = made.add_extension(_authority_id(signer), critical=False)
    for one in revoked:
        line = x509.RevokedCertificateBuilder().serial_number(int(one.serial, 16)).revocation_date(one.at)
        made = made.add_revoked_certificate(line.build())
    return made.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _leaf(
    signer: Signer, name: str, key: object, at: datetime, life: timedelta, usage: x509.ObjectIdentifier
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _below(subject, signer, key, at, life)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return made.add_extension(_usage(signs=False), critical=True).add_extension(
        x509.ExtendedKeyUsage([usage]), critical=False
    )


def _below(subject: x509.Name, above: Signer, key: object, at: datetime, life: timedelta) -> x509.CertificateBuilder:
    # nothing outlives what it hangs on
    life = min(life, above.certificate.not_valid_after_utc - at)
    made = _begun(subject, above.certificate.subject, key, at, life)
    return made.add_extension(_subject_id(key), critical=False).add_extension(_authority_id(above), critical=False)


def _begun(
    subject: x509.Name, issuer_name: x509.Name, key: object, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer_name).public_key(key)
    return made.serial_number(x509.random_serial_number()).not_valid_before(at - BEFORE).not_valid_after(at + life)


def _of_authority(made: x509.CertificateBuilder, depth: int) -> x509.CertificateBuilder:
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
    return made.add_extension(_usage(signs=True), critical=True)


def _usage(*, signs: bool) -> x509.KeyUsage:
    never = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
        **never,
    )


def _subject_id(key: object) -> x509.SubjectKeyIdentifier:
    assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101
    return x509.SubjectKeyIdentifier.from_public_key(key)


def _authority_id(above: Signer) -> x509.AuthorityKeyIdentifier:
    found = above.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
