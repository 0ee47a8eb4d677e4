"""A box as the cloud sees it: a key, what it asks, and the letters it sends."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from cloud.enrolment import services
from cloud.enrolment.models import Claim
from cloud.kernel.database import unit_of_work
from tests.cloud.people_here import Place, Someone


@dataclass
class Box:
    """A box that has just been unpacked. Its signing request says nothing about where it belongs."""

    serial: str = "EMB-0001"
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    issued: dict[str, Any] = field(default_factory=dict)

    def request(self) -> x509.CertificateSigningRequest:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody/else/entirely")])
        return x509.CertificateSigningRequestBuilder().subject_name(name).sign(self.key, hashes.SHA256())

    def csr(self) -> str:
        return self.request().public_bytes(serialization.Encoding.PEM).decode()

    def enrol(self, app: Flask, claim: str, **more: Any) -> TestResponse:
        """What it is told; a certificate is kept."""
        said = {"v": 1, "claim": claim, "csr": self.csr(), "serial": self.serial, "hardware": "Pi 5", "software": "1"}
        return self._heard(app.test_client().post("/gateways/v1/enrol", json={**said, **more}))

    def renew(self, app: Flask, fresh: "Box", **more: Any) -> TestResponse:
        """Ask for the next certificate with another box's key, which is then the one that has it."""
        csr = fresh.request()
        der = csr.public_bytes(serialization.Encoding.DER)
        proof = base64.b64encode(self.key.sign(der, ec.ECDSA(hashes.SHA256()))).decode()
        pem = csr.public_bytes(serialization.Encoding.PEM).decode()
        said = {"v": 1, "certificate": self.issued.get("certificate", ""), "csr": pem, "proof": proof}
        return fresh._heard(app.test_client().post("/gateways/v1/renew", json={**said, **more}))

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.issued["certificate"].encode())

    @property
    def name(self) -> str:
        """Whom the certificate names."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def _heard(self, response: TestResponse) -> TestResponse:
        if response.status_code == 200:
            self.issued = json.loads(response.data)
        return response


def claimed(engine: Engine, place: Place, by: Someone, slug: str = "gw-9", **more: Any) -> tuple[Claim, str]:
    """A claim for a new gateway of a store."""
    with unit_of_work(engine, by.tenant_id) as session:
        return services.claim_new(session, store_id=place.id, slug=slug, by=by.id, **more)


def enrolled(app: Flask, engine: Engine, place: Place, by: Someone, slug: str = "gw-9") -> Box:
    """A box that has its certificate."""
    box = Box()
    response = box.enrol(app, claimed(engine, place, by, slug)[1])
    assert response.status_code == 200
    return box
