"""Plugs come out and wires garble: the fleet says so once, and nothing is believed that was not said."""

from html import unescape

from tests.journeys.desk import until


def happenings(desk, dev, since):
    found = desk.rows(
        "SELECT id, code FROM fleet_happening WHERE dev = :dev AND id > :since ORDER BY at, id", dev=dev, since=since
    )
    return [row.code for row in found]


def last_happening(desk):
    return desk.rows("SELECT coalesce(max(id), 0) AS id FROM fleet_happening")[0].id


def state(desk, dev):
    return desk.rows("SELECT state, why FROM fleet_instrument WHERE dev = :dev", dev=dev)[0]


def test_an_instrument_unplugged_and_back_is_lost_once_and_back_once(desk):
    omar = desk.sign_in("omar@harbour.example")
    omar.send("/store", store="pier-street")
    until(lambda: state(desk, "tonoref").state == "connected")
    before = last_happening(desk)
    desk.bench.unplug("tonoref")
    until(lambda: state(desk, "tonoref").state == "lost")
    gateway = desk.rows("SELECT gateway_id FROM fleet_instrument WHERE dev = 'tonoref'")[0].gateway_id
    until(lambda: state(desk, "tonoref").why in unescape(omar.get(f"/fleet/{gateway}")))

    desk.bench.plug("tonoref")
    until(lambda: state(desk, "tonoref").state == "connected")
    printed = desk.bench.print("tonoref", "H-1001")
    desk.arrived(printed.raw)
    until(lambda: len(happenings(desk, "tonoref", before)) >= 2)
    assert happenings(desk, "tonoref", before) == ["instrument_lost", "instrument_back"]


def test_a_bad_checksum_arrives_flagged_and_nobody_is_told_it_is_fine(desk):
    printed = desk.bench.print("lensmeter", "")
    desk.arrived(printed.raw)
    at = printed.raw.index(b"\x04") + 1
    garbled = printed.raw[:at] + (b"0000" if printed.raw[at : at + 4] != b"0000" else b"0001") + printed.raw[at + 4 :]
    desk.bench.say("lensmeter", garbled)

    [reading] = desk.arrived(garbled)
    assert reading["integrity"]["checksum"] == "bad"
    shown = desk.sign_in("alice@harbour.example").json(f"/api/v1/readings/{reading['reading_id']}")
    assert "checksum_bad" in [doubt["code"] for doubt in shown["doubts"]]


def test_bytes_nobody_can_read_are_kept_with_the_reason_and_shown_in_the_tray(desk):
    said = b"\x01DLM\x02IDNIDEK/LM-600P\x17" + b"\x99" * 40 + b"\x04ZZZZ"
    desk.bench.say("lensmeter", said)

    [capture] = until(
        lambda: desk.rows("SELECT * FROM readings_capture WHERE why IS NOT NULL AND data = :said", said=said)
    )
    tray = unescape(desk.sign_in("alice@harbour.example").get("/tray"))
    assert "Could not be read" in tray and capture.why in tray
    assert (
        desk.rows("SELECT 1 FROM readings_reading WHERE seq > :seq AND epoch = :e", seq=capture.seq, e=capture.epoch)
        == []
    )
