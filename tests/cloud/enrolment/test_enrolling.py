"""From a claim to a certificate, over HTTP as a box does it."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy import func, select, text

from cloud.enrolment import choices, codes, queries, services
from cloud.enrolment.models import Certificate, Claim, Guess, Passage
from cloud.fleet import queries as fleet
from cloud.kernel.audit import Entry
from cloud.kernel.database import outside, unit_of_work
from tests.cloud.enrolment.boxes_here import Box, claimed


def rows(engine, world, model):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(model).order_by(model.id)).all()


@pytest.fixture(autouse=True)
def no_guesses(engine):
    with outside(engine) as session:
        session.execute(text("DELETE FROM enrolment_guess"))


@pytest.mark.edge("EDGE-100", "A claim is exchanged for a certificate that names chain, store and gateway.")
def test_a_claim_is_exchanged_for_a_certificate_that_names_the_gateway(cloud, engine, world, signing):
    box, (claim, code) = Box(), claimed(engine, world.pier, world.omar)
    response = box.enrol(cloud, code)

    assert (response.status_code, box.issued["answer"]) == (200, "issued")
    name = f"{world.pier.address.tenant}/pier/gw-9"
    assert (box.name, box.issued["address"]) == (name, name)
    assert (box.issued["broker"], box.issued["cloud"]) == ("mqtts://broker.example:8883", "https://cloud.example")
    assert box.issued["roots"] == signing.roots
    with unit_of_work(engine, world.one) as session:
        gateway = fleet.gateway_named(session, world.pier.id, "gw-9")
        row = queries.of_claim(session, claim.id)
        kept = queries.claim(session, claim.id)
        passed = [one.verb for one in queries.passages(session, gateway.id)]
    assert (gateway.status, row.gateway_id, row.state) == ("enrolled", gateway.id, "active")
    assert (kept.state, kept.burned_at is not None, kept.asked_serial) == ("used", True, "EMB-0001")
    assert passed == ["enrolled"]


@pytest.mark.edge("EDGE-101", "A certificate is a client's for 90 days on the box's own P-256 key, and renews at 60.")
def test_what_stands_in_the_certificate(cloud, engine, world, signing):
    box = Box()
    box.enrol(cloud, claimed(engine, world.pier, world.omar)[1])
    made, chain = box.certificate, x509.load_pem_x509_certificates(box.issued["certificate"].encode())

    assert made.public_key() == box.key.public_key()
    assert made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value[0] == ExtendedKeyUsageOID.CLIENT_AUTH
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    life = made.not_valid_after_utc - made.not_valid_before_utc
    assert life - timedelta(days=90) == timedelta(minutes=5)
    made.verify_directly_issued_by(chain[1])
    chain[1].verify_directly_issued_by(x509.load_pem_x509_certificate(signing.roots.encode()))
    assert len(chain) == 2
    due = made.not_valid_before_utc + life * 2 / 3
    assert box.issued["renew_after"] == due.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.edge("EDGE-102", "The same claim with the same key gets the same certificate again.")
def test_the_same_key_gets_the_same_answer_again(cloud, engine, world):
    box, (_, code) = Box(), claimed(engine, world.pier, world.omar)
    first, second = box.enrol(cloud, code), box.enrol(cloud, code)

    assert first.data == second.data
    assert len(rows(engine, world, Certificate)) == 1
    assert [one.verb for one in rows(engine, world, Passage)] == ["enrolled"]


@pytest.mark.edge("EDGE-103", "A claim is used once: another box is refused and gets nothing.")
def test_another_box_cannot_use_a_claim_again(cloud, engine, world):
    box, (claim, code) = Box(), claimed(engine, world.pier, world.omar)
    box.enrol(cloud, code)
    refused = Box().enrol(cloud, code)

    assert (refused.status_code, json.loads(refused.data)["answer"]) == (409, "refused")
    assert "Another box has used this claim" in json.loads(refused.data)["why"]
    assert len(rows(engine, world, Certificate)) == 1
    noted = [(one.subject_id, one.details["why"]) for one in rows(engine, world, Entry) if one.verb == "claim_refused"]
    assert noted == [(str(claim.id), "ClaimTaken")]


def test_a_code_is_heard_as_people_type_it(cloud, engine, world):
    _, code = claimed(engine, world.pier, world.omar)
    assert Box().enrol(cloud, f" {code[:9].lower()}-{code[9:]} ").status_code == 200


def test_of_a_claim_only_a_hash_is_kept(engine, world):
    _, code = claimed(engine, world.pier, world.omar)
    held = str([dict(vars(one)) for one in rows(engine, world, Claim)] + [vars(e) for e in rows(engine, world, Entry)])
    assert code not in held


@pytest.mark.edge("EDGE-104", "A claim that is over its time or cancelled opens nothing.")
def test_a_claim_over_its_time_is_refused(cloud, engine, world, monkeypatch):
    monkeypatch.setattr(services, "CLAIM_LIFE", timedelta(seconds=-1))
    _, code = claimed(engine, world.pier, world.omar)
    refused = Box().enrol(cloud, code)

    assert (refused.status_code, rows(engine, world, Certificate)) == (410, [])
    assert "over its time" in json.loads(refused.data)["why"]


def test_a_cancelled_claim_is_refused(cloud, engine, world):
    claim, code = claimed(engine, world.pier, world.omar)
    with unit_of_work(engine, world.one) as session:
        services.cancel(session, claim.id, by=world.omar.id)
    refused = Box().enrol(cloud, code)

    assert (refused.status_code, rows(engine, world, Certificate)) == (410, [])


def test_a_claim_bound_to_a_serial_is_for_that_box_alone(cloud, engine, world):
    _, code = claimed(engine, world.pier, world.omar, serial="EMB 0007")
    refused = Box(serial="EMB-0008").enrol(cloud, code)
    assert (refused.status_code, rows(engine, world, Certificate)) == (403, [])
    assert Box(serial="emb0007").enrol(cloud, code).status_code == 200


def test_a_claim_is_of_its_chain_whoever_holds_the_box(cloud, engine, world):
    """Charlie's claim makes a gateway of Charlie's chain, and nothing of chain one's changes."""
    _, code = claimed(engine, world.mill, world.charlie)
    box = Box()
    assert box.enrol(cloud, code).status_code == 200
    assert box.name == f"{world.mill.address.tenant}/mill/gw-9"
    assert rows(engine, world, Certificate) == []


WRONG = [
    ({"csr": "nonsense"}, 400),
    ({"csr": Box(key=ec.generate_private_key(ec.SECP384R1())).csr()}, 400),
    ({"csr": Box(key=rsa.generate_private_key(65537, 2048)).csr()}, 400),
    ({"v": 2}, 400),
    ({"serial": "a\0b"}, 400),
    ({"serial": "x" * 81}, 400),
    ({"csr": 5}, 400),
]


@pytest.mark.parametrize(("wrong", "status"), WRONG)
def test_what_cannot_be_used_costs_the_claim_nothing(cloud, engine, world, wrong, status):
    claim, code = claimed(engine, world.pier, world.omar)
    refused = Box().enrol(cloud, code, **wrong)

    assert (refused.status_code, json.loads(refused.data)["answer"]) == (status, "refused")
    assert [(one.id, one.state) for one in rows(engine, world, Claim)] == [(claim.id, "open")]


def test_a_request_that_its_own_key_did_not_sign_is_refused(cloud, engine, world):
    _, code = claimed(engine, world.pier, world.omar)
    der = bytearray(Box().request().public_bytes(Encoding.DER))
    der[-1] ^= 1
    body = base64.encodebytes(bytes(der)).decode()
    pem = f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"
    refused = Box().enrol(cloud, code, csr=pem)
    assert (refused.status_code, rows(engine, world, Certificate)) == (400, [])


def test_a_body_that_is_no_json_is_refused(cloud):
    refused = cloud.test_client().post("/gateways/v1/enrol", data=b"\xff{")
    assert (refused.status_code, json.loads(refused.data)["answer"]) == (400, "refused")


@pytest.mark.edge("EDGE-105", "Guessing claims is counted by sender, and after 20 nothing is answered for a while.")
def test_guesses_are_counted_and_then_nothing_is_answered(cloud, engine, world):
    answers = [Box().enrol(cloud, codes.fresh()).status_code for _ in range(choices.GUESSES)]
    assert set(answers) == {404}
    _, code = claimed(engine, world.pier, world.omar)
    late = Box().enrol(cloud, code)
    assert (late.status_code, late.headers["Retry-After"]) == (429, "900")
    assert rows(engine, world, Certificate) == []


def test_a_slip_of_the_hand_is_no_guess(cloud, engine):
    assert Box().enrol(cloud, "7K2MQ-9RD1X-AAAAA").status_code == 404
    with outside(engine) as session:
        assert session.scalar(select(func.count()).select_from(Guess)) == 0


def test_without_an_authority_it_says_so(app):
    refused = Box().enrol(app, "7K2MQ-9RD1X-AAAAA")
    assert (refused.status_code, app.test_client().get("/gateways/v1/roots").status_code) == (503, 503)
    assert "emmetra cloud authority init" in json.loads(refused.data)["why"]


def test_the_box_is_answered_in_the_language_it_asks_for(cloud):
    said = {"v": 1, "claim": "x" * 20, "csr": Box().csr(), "serial": "", "hardware": "", "software": ""}
    refused = cloud.test_client().post("/gateways/v1/enrol", json=said, headers={"Accept-Language": "zh"})
    assert refused.status_code == 404


@pytest.mark.edge("EDGE-106", "Roots and revocation list are files that anyone may fetch, the list by its ETag.")
def test_roots_and_list_are_files_for_everyone(cloud, signing):
    client = cloud.test_client()
    roots, first = client.get("/gateways/v1/roots"), client.get("/gateways/v1/crl")
    again = client.get("/gateways/v1/crl", headers={"If-None-Match": first.headers["ETag"]})

    assert roots.text == signing.roots
    assert x509.load_pem_x509_crl(first.data).is_signature_valid(signing.signer.certificate.public_key())
    assert (again.status_code, again.data) == (304, b"")
