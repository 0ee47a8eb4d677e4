"""A gateway's life with its papers, over real sockets: mosquitto with TLS 1.3, HTTPS, the cloud's own processes."""

import shutil

import pytest
from cryptography import x509

from deploy.broker.mosquitto import program
from tests.journeys.store import OTHER, STORE, Box, becomes, command, open_store, printed

RENEW = "emmetra gateway renew --now --config /etc/emmetra/gateway.toml"
pytestmark = [pytest.mark.peer, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def store():
    if program() is None:
        pytest.skip("mosquitto is not installed here, so the journeys of enrolment are left out")
    with open_store() as store:
        yield store


@pytest.fixture(autouse=True)
def _at_rest(store):
    yield
    store.rest()


@pytest.mark.edge("EDGE-143", "A fresh box goes from a claim to a reading in the record by the printed steps alone.")
def test_a_fresh_box_goes_from_claim_to_reading_by_the_printed_steps(store):
    steps = [printed("1. Enrol"), printed("2. Name the instruments"), printed("3. Start"), printed("4. Measure")]
    sheet = store.claim("gw-fresh")
    box = Box(store, "gw-fresh")
    assert [len(step) for step in steps] == [1, 1, 2, 1]
    assert [word for word in steps[0][0].split() if word.startswith("--")] == [
        word for word in sheet.split() if word.startswith("--")
    ]

    said = box.run(sheet)
    with store.pressing("lensmeter"):
        # A simulated wire is no serial port of this machine, so it is named; on a box the command stands alone.
        found = box.run(steps[1][0], more=("--port", str(store.parts.dev / "lensmeter")), answers="y\ny\n")
    box.start(steps[2][1])
    becomes(lambda: box.connected() and box.listening())
    reading = store.bench.print("lensmeter")
    [row] = becomes(lambda: store.arrived(reading.raw))

    assert f"harbour/{STORE}/gw-fresh" in said
    assert "LM-600P" in found
    assert row.gateway_id == store.gateway_id("gw-fresh")
    assert "ok" in box.run(steps[3][0])


@pytest.mark.edge("EDGE-144", "A certificate is rotated while results flow; the old one stays behind the new one.")
def test_a_certificate_is_rotated_while_results_flow(store):
    box = store.box("gw-turning")
    old = box.papers.current()
    before = store.bench.print("lensmeter")
    box.run(RENEW)
    during = store.bench.print("lensmeter")
    becomes(lambda: box.papers.current() != old and box.connected())
    after = store.bench.print("lensmeter")
    found = [becomes(lambda one=one: store.arrived(one.raw)) for one in (before, during, after)]

    assert [len(rows) for rows in found] == [1, 1, 1]
    assert len({rows[0].epoch for rows in found}) == 1
    assert box.papers.before() == old
    events = becomes(lambda: events_of(store, "gw-turning", "certificate_renewed"))
    assert len(events) == 1


@pytest.mark.edge(
    "EDGE-145", "A revoked gateway is disconnected, alarms, keeps its results, and nothing more is taken in."
)
def test_a_revoked_gateway_is_shut_out_and_keeps_what_it_has(store):
    box = store.box("gw-stolen")
    accepted = store.bench.print("lensmeter")
    becomes(lambda: store.arrived(accepted.raw))
    store.press("gw-stolen", "revoke", why="lost", remark="")
    becomes(lambda: box.status()["broker"]["state"] != "connected")
    kept = store.bench.print("lensmeter")
    alarms = becomes(lambda: box.status()["alarms"].get("re_enrol"))

    assert "emmetra gateway enrol" in alarms
    assert store.arrived(kept.raw) == []
    assert becomes(lambda: box.status()["outbox"]["depth"]) == 2


@pytest.mark.edge("EDGE-146", "A gateway moved to another store takes its new name with its next certificate.")
def test_a_moved_gateway_takes_its_new_name(store):
    box = store.box("gw-moving")
    before = store.bench.print("lensmeter")
    [first] = becomes(lambda: store.arrived(before.raw))
    store.press("gw-moving", "move", store=store.store_id(OTHER), way="now")
    box.run(RENEW)
    becomes(lambda: box.status().get("address") == f"harbour/{OTHER}/gw-moving" and box.connected() and box.listening())
    after = store.bench.print("lensmeter")
    [second] = becomes(lambda: store.arrived(after.raw))

    assert (second.gateway_id, second.epoch) == (first.gateway_id, first.epoch)
    assert second.seq > first.seq


@pytest.mark.edge("EDGE-147", "A box that was lost is replaced by another with the old disk: what waited arrives once.")
def test_a_lost_box_is_replaced_and_what_waited_arrives(store):
    old = store.box("gw-lost")
    store.press("gw-lost", "revoke", why="lost", remark="")
    becomes(lambda: old.status()["broker"]["state"] != "connected")
    waiting = [store.bench.print("lensmeter") for _ in range(3)]
    becomes(lambda: old.status()["outbox"]["depth"] == 6)
    old.stop()
    new = Box(store, "gw-lost-2")
    shutil.copytree(old.data, new.data, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))
    (new.folder / "etc").mkdir()
    (new.folder / "etc" / "gateway.toml").write_text(
        (old.folder / "etc" / "gateway.toml").read_text().replace(str(old.data), str(new.data))
    )
    new.run(command(store.press("gw-lost", "replace", serial="")))
    new.start()
    found = [becomes(lambda one=one: store.arrived(one.raw)) for one in waiting]

    assert [len(rows) for rows in found] == [1, 1, 1]
    assert {rows[0].gateway_id for rows in found} == {store.gateway_id("gw-lost")}
    becomes(lambda: new.status()["outbox"]["depth"] == 0)


@pytest.mark.edge(
    "EDGE-148", "The root is rolled over with two in the bundle: every gateway ends up below the new one."
)
def test_the_root_is_rolled_over(store):
    box, parts = store.box("gw-rooted"), store.parts
    first = box.papers.current().roots.read_text()
    parts.authority("add-root")
    store.trust()
    box.run(RENEW)
    becomes(lambda: bundle(box).count("BEGIN CERTIFICATE") == 2 and box.connected())
    parts.authority("use-root", "2")
    store.trust()
    becomes(box.connected)
    box.run(RENEW)
    becomes(lambda: box.papers.trial() is None and "issuing 2" in issuer(box) and box.connected())
    parts.authority("retire-root", "1", "--anyway")
    store.trust()
    becomes(box.connected)
    box.run(RENEW)
    becomes(lambda: bundle(box).count("BEGIN CERTIFICATE") == 1 and box.connected())
    reading = store.bench.print("lensmeter")

    assert len(becomes(lambda: store.arrived(reading.raw))) == 1
    assert bundle(box) not in first


def bundle(box):
    """The roots in force."""
    return box.papers.current().roots.read_text()


def issuer(box):
    """Who signed the certificate in force."""
    certificate = x509.load_pem_x509_certificate(box.papers.current().certificate.read_bytes())
    return certificate.issuer.rfc4514_string()


def events_of(store, slug, code):
    """What a gateway told under this code."""
    question = (
        "SELECT h.id FROM fleet_happening h JOIN fleet_gateway g ON g.id = h.gateway_id "
        "WHERE g.slug = :slug AND h.code = :code"
    )
    return store.rows(question, slug=slug, code=code)
