"""The configuration of a gateway as a person sees and sets it."""

import tomllib

import msgspec
import pytest

from cloud.kernel.database import unit_of_work
from cloud.shadow import forms, queries, services
from protocols import envelope
from protocols.envelope.desired import Instrument, Reported, Story, Wanted
from protocols.envelope.table_map import TableMap
from tests.cloud.shadow.test_services import AT

HOSTILE = "<script>alert(1)</script>"
ARK = {"name-0": "ark", "family-0": "nidek_frame", "model-0": "ARK-1a", "url-0": "socket://10.0.0.5:4001"}


@pytest.fixture
def address(world):
    return f"/fleet/{world.pier.sender.gateway_id}/configuration"


@pytest.fixture
def gateway(world):
    return world.pier.sender.gateway_id


def wanted(engine, world):
    with unit_of_work(engine, world.one) as session:
        return queries.wanted(session, world.pier.sender.gateway_id)


def report(engine, world, **given):
    told = {"version": 0, "asked": 0, "state": "applied", "at": AT, "doc": Wanted(raw_days=7), "report": "r-1"}
    with unit_of_work(engine, world.one) as session:
        said = envelope.encode(Reported(v=1, **{**told, **given}))
        services.note(session, world.pier.sender.gateway_id, said)


def test_what_is_typed_is_wanted(engine, world, sign_in, address):
    typed = {"base": "0", "rows": "3", "where": "here", **ARK, "settings-0": "baud=19200 parity=even rtscts=true"}
    typed |= {"raw_days": "5", "language": "zh", "broker": "mqtts://b.example:8883", "trace": "no", "why": "moved"}
    response = sign_in(world.omar).post(address, data=typed)

    assert (response.status_code, response.location) == (303, address)
    doc, version = wanted(engine, world)
    settings = {"baud": 19200, "parity": "even", "rtscts": True}
    ark = Instrument(name="ark", family="nidek_frame", model="ARK-1a", url="socket://10.0.0.5:4001", settings=settings)
    assert (doc.instruments, doc.raw_days, doc.language, doc.trace, version) == ([ark], 5, "zh", False, 1)
    page = sign_in(world.omar).get(address).get_data(as_text=True)
    assert "ark (ARK-1a)" in page
    assert "moved" in page


MAP = """eye = { column = "Eye", right = ["OD"], left = ["OS"] }
[[column]]
name = "AL"
key = "biometry.axial_length_mm"
unit = "mm"
"""


def test_a_map_of_tables_is_wanted_and_stands_in_its_field_again(engine, world, sign_in, address):
    typed = {"base": "0", "rows": "1", "where": "here", "name-0": "lengths", "family-0": "mapped_table"}
    response = sign_in(world.omar).post(address, data=typed | {"url-0": "folder:///mnt/x", "map-0": MAP})

    assert response.status_code == 303
    doc, _ = wanted(engine, world)
    assert doc.instruments[0].map == msgspec.convert(tomllib.loads(MAP), TableMap)
    page = sign_in(world.omar).get(address).get_data(as_text=True)
    assert "key = &#34;biometry.axial_length_mm&#34;" in page


@pytest.mark.parametrize("text", ["[[column", '[[column]]\nname = "AL"\n', MAP + 'colour = "red"\n', HOSTILE])
def test_what_is_no_map_is_refused_beside_its_field(engine, world, sign_in, address, text):
    typed = {"base": "0", "rows": "1", "where": "here", **ARK, "map-0": text}
    response = sign_in(world.omar).post(address, data=typed)
    page = response.get_data(as_text=True)

    assert response.status_code == 422
    assert 'id="map-0-error"' in page
    assert HOSTILE not in page
    assert wanted(engine, world) == (Wanted(), 0)


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(engine, world, sign_in, address):
    typed = {"base": "0", "rows": "1", "where": "here", **ARK, "url-0": "/dev/ttyUSB0", "raw_days": "many"}
    response = sign_in(world.omar).post(address, data=typed)
    page = response.get_data(as_text=True)

    assert response.status_code == 422
    assert 'id="raw_days-error"' in page
    assert 'id="url-0-error"' in page
    assert 'value="many"' in page
    assert wanted(engine, world)[1] == 0


def test_who_was_slower_sees_what_changed_and_may_save_over_it(engine, world, sign_in, address):
    omar = sign_in(world.omar)
    assert omar.post(address, data={"base": "0", "raw_days": "5"}).status_code == 303
    refused = omar.post(address, data={"base": "0", "raw_days": "6"})
    page = refused.get_data(as_text=True)

    assert refused.status_code == 409
    assert "Nothing was saved" in page
    assert '<input type="hidden" name="base" value="1">' in page
    assert wanted(engine, world) == (Wanted(raw_days=5), 1)
    assert omar.post(address, data={"base": "1", "raw_days": "6"}).status_code == 303
    assert wanted(engine, world) == (Wanted(raw_days=6), 2)


def test_an_older_configuration_is_restored(engine, world, sign_in, address):
    omar = sign_in(world.omar)
    for base, days in ((0, 5), (1, 6)):
        omar.post(address, data={"base": base, "raw_days": days})
    assert omar.post(f"{address}/restore", data={"version": 1, "base": 2}).status_code == 303
    assert wanted(engine, world) == (Wanted(raw_days=5), 3)
    omar.post(f"{address}/restore", data={"version": 2, "base": 2})
    assert wanted(engine, world)[1] == 3
    assert omar.post(f"{address}/restore", data={"version": 99, "base": 3}).status_code == 404


def test_the_page_tells_the_story_of_what_was_taken_back(engine, world, sign_in, address):
    omar = sign_in(world.omar)
    omar.post(address, data={"base": "0", "broker": "mqtt://nowhere:1"})
    known = Story(tried=1, at=AT, lasted_s=121, broker="mqtt://nowhere:1", said="Nothing listens at nowhere:1.")
    report(engine, world, state="reverted", asked=1, why="…", story=known)
    page = omar.get(address).get_data(as_text=True)

    assert "The gateway tried configuration 1 and took it back by itself." in page
    assert "Nothing listens at nowhere:1." in page
    assert "Taken back" in page


def test_hostile_words_stay_words(engine, world, sign_in, address):
    doc = Wanted(instruments=[Instrument(name=HOSTILE, family=HOSTILE, url=HOSTILE, lane=HOSTILE)])
    report(engine, world, doc=doc, state="rejected", asked=1, why=HOSTILE)
    page = sign_in(world.omar).get(address).get_data(as_text=True)
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_the_pin_goes_in_as_a_digest_and_never_comes_out(engine, world, sign_in, address):
    omar = sign_in(world.omar)
    assert omar.post(address, data={"base": "0", "console_pin": "111111"}).status_code == 422
    assert omar.post(address, data={"base": "0", "console_pin": "482915"}).status_code == 303
    digest = wanted(engine, world)[0].console_pin
    assert digest.startswith("scrypt:8192:8:2:")
    for page in (address, f"{address}.json"):
        told = omar.get(page).get_data(as_text=True)
        assert digest not in told
        assert "482915" not in told
    assert omar.post(address, data={"base": "1", "raw_days": "4"}).status_code == 303
    assert wanted(engine, world)[0] == Wanted(raw_days=4, console_pin=digest)


def test_reading_the_fields_back_gives_the_same_document(world):
    row = {"name": "a", "family": "f", "url": "u", "settings": {"baud": 9600, "stop": 1.5, "rtscts": False}}
    doc = {"instruments": [row], "raw_days": 3, "broker": {"url": "mqtt://h"}, "trace": True, "log_level": "debug"}
    assert forms.document(forms.fields(doc, {}), {}) == doc
    assert forms.document(forms.fields({}, {"instruments": [row]}), {}) == {}


def test_a_strangers_gateway_is_not_there(world, sign_in):
    theirs = world.mill.sender.gateway_id
    omar = sign_in(world.omar)
    for path in ("configuration", "configuration/part", "configuration.json", "orders", "orders/part"):
        assert omar.get(f"/fleet/{theirs}/{path}").status_code == 404
    assert omar.post(f"/fleet/{theirs}/configuration", data={"base": "0", "raw_days": "5"}).status_code == 404
    assert omar.post(f"/fleet/{theirs}/orders", data={"verb": "ping"}).status_code == 404
    assert omar.get(f"/fleet/{2**70}/configuration").status_code == 404
