"""The store's day, for whoever reads its worklist."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from protocols.envelope.worklist import Item, Worklist, moment_of, zone_of

ITEM = Item(
    accession="A1",
    step_id="S1",
    procedure_id="P1",
    study_uid="2.25.1",
    patient_id="H-1",
    family="Doe",
    at="2026-11-22T23:30:00Z",
    modality="OAM",
    description="Biometry",
)


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Shanghai", 8), ("Nowhere/City", 0), ("../etc/passwd", 0), ("", 0)])
def test_a_moment_is_told_by_the_clocks_of_the_store_or_of_the_world(zone, hours):
    at = moment_of(ITEM, zone_of(Worklist(version=1, zone=zone, made_at="")))

    assert at == datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert at.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("at", ["", "soon", "2026-13-01", "0001-01-01T00:00:00+23:00"])
def test_a_moment_nobody_can_read_is_none(at):
    assert moment_of(msgspec.structs.replace(ITEM, at=at), UTC) is None
