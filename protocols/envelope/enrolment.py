"""How a box becomes a gateway, over HTTPS: a claim and a signing request go in, a certificate comes out.

``POST /gateways/v1/enrol`` (Enrol) and ``POST /gateways/v1/renew`` (Renew) answer Issued, Waiting or Refused. The same
request from the same key is answered the same way again, so that an answer that was lost can be asked for once more.
"""

from typing import Annotated, Literal

import msgspec

from protocols.envelope.desired import Wanted
from protocols.envelope.messages import Message

Pem = Annotated[str, msgspec.Meta(max_length=20_000)]


class Enrol(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A box asks to be the gateway that a claim was made for."""

    v: Literal[1]
    claim: Annotated[str, msgspec.Meta(min_length=8, max_length=80)]
    csr: Pem
    serial: Annotated[str, msgspec.Meta(max_length=80)]
    hardware: Annotated[str, msgspec.Meta(max_length=80)]
    software: Annotated[str, msgspec.Meta(max_length=60)]
    epoch: int | None = None


class Renew(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A gateway asks for its next certificate.

    ``proof`` is the signature (ECDSA, SHA-256, DER, base64) of the DER of ``csr`` by the key of ``certificate``.
    """

    v: Literal[1]
    certificate: Pem
    csr: Pem
    proof: bytes


class Issued(Message, frozen=True, kw_only=True, omit_defaults=True, tag="issued", tag_field="answer"):
    """The certificate with its chain, the roots to trust from now on, and where to go.

    ``renew_after`` is two thirds of its life; ``config`` the first desired document, with its ``config_version``.
    """

    address: str
    certificate: Pem
    roots: Pem
    broker: str
    cloud: str
    renew_after: str
    config: Wanted | None = None
    config_version: int = 0


class Waiting(Message, frozen=True, kw_only=True, omit_defaults=True, tag="waiting", tag_field="answer"):
    """A second person has to approve; ``code`` is what the page shows them and what the box shows the engineer."""

    code: str
    ask_again_s: int


class Refused(Message, frozen=True, kw_only=True, omit_defaults=True, tag="refused", tag_field="answer"):
    """No: ``why`` is for the person before the box, with what to do next."""

    why: str


Answer = Issued | Waiting | Refused
