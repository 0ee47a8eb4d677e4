"""Certificates for a test: an authority, and what it signs."""

import datetime as dt
import ssl
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)


class Authority:
    """Signs certificates into a folder."""

    def __init__(self, folder, name="authority"):
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(name, self.key, authority=True)
        self.path = self._write(name, self.certificate)

    def certify(self, common_name, file="leaf", *, expired=False):
        """Paths of a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(common_name, key, expired=expired)
        return self._write(f"{file}-certificate", certificate), self._write_key(f"{file}-key", key)

    def revoke(self, path):
        """Path of a list that revokes one certificate."""
        now = dt.datetime.now(dt.UTC)
        serial = x509.load_pem_x509_certificate(path.read_bytes()).serial_number
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - DAY).build()
        builder = x509.CertificateRevocationListBuilder().issuer_name(named(self.name))
        builder = builder.last_update(now - DAY).next_update(now + DAY).add_revoked_certificate(revoked)
        return self._write("revoked", builder.sign(self.key, hashes.SHA256()))

    def _signed(self, common_name, key, *, authority=False, expired=False):
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(
            issuer_name=named(self.name),
            subject_name=named(common_name),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - 3 * DAY,
            not_valid_after=now - DAY if expired else now + DAY,
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName("broker.test"), x509.DNSName("localhost")]), critical=False
        )
        return builder.sign(self.key, hashes.SHA256())

    def _write(self, name, thing):
        path = self.folder / f"{self.name}-{name}.pem"
        path.write_bytes(thing.public_bytes(serialization.Encoding.PEM))
        return path

    def _write_key(self, name, key):
        path = self.folder / f"{self.name}-{name}.pem"
        plain = serialization.NoEncryption()
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        return path


@cache
def named(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def client_context(authority, pair=None, *, version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority.path)
    if pair is not None:
        context.load_cert_chain(*pair)
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context
