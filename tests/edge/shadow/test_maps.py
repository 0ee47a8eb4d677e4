"""A map of tables in a document from afar: followed, reported, and refused with its reason before anything is done."""

from pathlib import Path

import msgspec

from edge.config import GatewayConfig
from edge.shadow.judging import faults
from edge.shadow.merging import over, told
from edge.supervisor.families import fit
from edge.uplink.broker import BrokerSettings
from firmware_sim.mapped_table import ROWS
from protocols.envelope import Address
from protocols.envelope.desired import Wanted

OWN = GatewayConfig(Path("/x"), Address("demo", "main", "gw-1"), Path("/x"), BrokerSettings("mqtt://h:1883"))


def wanted(drawn):
    one = {"name": "lengths", "family": "mapped_table", "url": "folder:///mnt/x"}
    return msgspec.convert({"instruments": [one | ({"map": drawn} if drawn else {})]}, Wanted)


def test_a_map_is_followed_and_reported_as_it_was_wanted():
    doc = wanted(ROWS)

    assert faults(doc, OWN, fit) == {}
    config = over(OWN, doc)
    assert config.instruments[0].map == doc.instruments[0].map
    assert told(config, doc).instruments == doc.instruments
    assert msgspec.json.decode(msgspec.json.encode(doc), type=Wanted) == doc


def test_a_map_that_cannot_be_followed_is_refused_with_what_is_wrong():
    column = {"name": "AL [um]", "key": "biometry.axial_length_mm", "unit": "mm", "eye": "right"}
    said = faults(wanted({"column": [column]}), OWN, fit)["instruments"]

    assert said.startswith("lengths: The settings of lengths do not fit the driver mapped_table")
    assert "its own name says um, the map says mm" in said


def test_a_table_without_a_map_is_refused():
    assert "it needs a map" in faults(wanted(None), OWN, fit)["instruments"]
