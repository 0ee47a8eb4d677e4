"""What signed drawings say, as rows that can be searched: every doodle becomes a finding of its eye."""

from collections.abc import Iterator
from decimal import Decimal

from cloud.clinic.catalogue.shapes import Kind
from cloud.clinic.models import DrawnFinding, Encounter, Version
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet
from cloud.web import drawing


def findings(visit: Encounter, version: Version, sheet: Sheet) -> Iterator[DrawnFinding]:
    """A row for each finding of each drawing on the sheet that is being signed, in the order drawn."""
    for place, item in sheet.items():
        if place.spec.kind is Kind.DRAWING and item.value is not None:
            for one in drawing.findings(drawing.read(item.value.structure)):
                yield _row(visit, version, place, item, one)


def _row(visit: Encounter, version: Version, place: Place, item: Item, one: drawing.Finding) -> DrawnFinding:
    return DrawnFinding(
        version_id=version.id,
        encounter_id=visit.id,
        patient_id=visit.patient_id,
        element=place.element,
        n=place.n,
        side=place.side.value,
        canvas=one.canvas,
        code=one.code,
        clock_hour=one.clock_hour,
        zone=one.zone,
        quadrant=one.quadrant,
        size=_exact(one.size),
        unit=one.unit or None,
        grade=_exact(one.grade),
        count=one.count,
        found_at=item.measured_at or visit.began_at,
    )


def _exact(figure: float | None) -> Decimal | None:
    return None if figure is None else Decimal(str(figure))
