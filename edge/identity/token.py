"""Keys inside a PKCS#11 token: a TPM by way of tpm2-pkcs11, SoftHSM, a USB key.

A token is named as RFC 7512 says: ``pkcs11:token=LABEL?module-path=/usr/lib/…/lib.so&pin-source=file:/etc/…/pin``. The
key we make gets ``object=…;type=private`` added and is remembered so in ``key.uri``.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.identity.refusals import EnrolmentRefused
from edge.uplink.uris import TokenUri


def make(uri: str, label: str) -> tuple["TokenKey", str]:
    """A new P-256 key in the token; and its full URI. A key that has this label already is taken as it is."""
    where = TokenUri.of(uri)
    with _session(where) as session:
        if _find(session, label) is None:
            _generate(session, label)
    full = where.of_object(label)
    return TokenKey(full), str(full)


def open_key(uri: str) -> "TokenKey":
    """The key of a full URI. Raises EnrolmentRefused."""
    return TokenKey(TokenUri.of(uri))


class TokenKey(ec.EllipticCurvePrivateKey):
    """A private key that signs where it lies; ``cryptography`` builds signing requests with it as with any other."""

    def __init__(self, where: TokenUri) -> None:
        self._where = where
        with _session(where) as session:
            self._public = _public(session, where.label)

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        """Bits."""
        return 256

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """ECDSA over the SHA-256 of data, DER; the digest is made here, as every token can sign a digest."""
        from pkcs11 import Mechanism
        from pkcs11.util.ec import encode_ecdsa_signature

        with _session(self._where) as session:
            key = _find(session, self._where.label)
            if key is None:
                _lost(self._where)
            digest = hashlib.sha256(bytes(data)).digest()
            return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=Mechanism.ECDSA)))

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Not for this key."""
        raise NotImplementedError

    def private_numbers(self) -> NoReturn:
        """They never leave the token."""
        raise NotImplementedError

    def private_bytes(self, *_: Any) -> NoReturn:
        """They never leave the token."""
        raise NotImplementedError

    def __copy__(self) -> "TokenKey":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "TokenKey":
        return self


@contextmanager
def _session(where: TokenUri) -> Iterator[Any]:
    try:
        import pkcs11
    except ModuleNotFoundError:
        raise EnrolmentRefused(
            "Keys in a token need python-pkcs11. Install it with: pip install 'emmetra[hsm]'"
        ) from None
    try:
        with pkcs11.lib(where.module).get_token(token_label=where.token).open(user_pin=where.pin(), rw=True) as session:
            yield session
    except (pkcs11.PKCS11Error, RuntimeError) as trouble:
        raise EnrolmentRefused(
            f"The token {where.token!r} cannot be used ({type(trouble).__name__}). "
            "Check module-path, the token's label and the PIN in the PKCS#11 address."
        ) from None


def _find(session: Any, label: str) -> Any:
    from pkcs11 import Attribute, ObjectClass

    return next(iter(session.get_objects({Attribute.LABEL: label, Attribute.CLASS: ObjectClass.PRIVATE_KEY})), None)


def _generate(session: Any, label: str) -> None:
    from pkcs11 import DEFAULT, Attribute, KeyType
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    # tpm2-pkcs11 refuses uses it has not thought of itself, so the token decides what the key is for.
    own = ("ENCRYPT", "DECRYPT", "WRAP", "UNWRAP", "SIGN", "VERIFY", "DERIVE")
    uses = {getattr(Attribute, use): DEFAULT for use in own}
    session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
        store=True,
        label=label,
        id=hashlib.sha256(label.encode()).digest()[:8],
        public_template=uses,
        private_template=uses,
    )


def _public(session: Any, label: str) -> ec.EllipticCurvePublicKey:
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.util.ec import encode_ec_public_key

    wanted = {Attribute.LABEL: label, Attribute.CLASS: ObjectClass.PUBLIC_KEY}
    found = next(iter(session.get_objects(wanted)), None)
    if found is None:
        raise EnrolmentRefused(f"The token has no key {label!r}. Enrol this gateway again with a new claim.")
    public = serialization.load_der_public_key(encode_ec_public_key(found))
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise EnrolmentRefused(f"The key {label!r} in the token is no P-256 key.")
    return public


def _lost(where: TokenUri) -> NoReturn:
    raise EnrolmentRefused(
        f"The token {where.token!r} has no key {where.label!r} any more. Enrol this gateway again with a new claim."
    )
