"""A signed prescription as a FHIR R4 VisionPrescription.

R4 knows only four directions for a prism's base, so an oblique prism goes out as its horizontal and its vertical
component. What R4 has no field for (PD, vertex distance, purpose, validity, further adds, the prism as it was entered)
goes out in extensions of ours. Decimals keep the digits they were written with.
"""

from decimal import Decimal
from typing import Any

import msgspec

from cloud.prescriptions import again
from cloud.prescriptions.choices import Kind, State
from cloud.prescriptions.errors import NoSuchPrescription
from cloud.prescriptions.queries import Shown
from cloud.prescriptions.values import ContactLens, Head, SpectacleEye, Written

OURS = "urn:emmetra:fhir:"
PRODUCTS = "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct"
STATUS = {State.CANCELLED: "cancelled", State.ENTERED_IN_ERROR: "entered-in-error", State.SUPERSEDED: "cancelled"}
UCUM = "http://unitsofmeasure.org"
Json = dict[str, Any]


def vision_prescription(shown: Shown) -> Json:
    """The resource. An ended one is ``cancelled``; one that only expired stays ``active`` with its validity beside it.

    Raises:
        NoSuchPrescription: R4 has no VisionPrescription of a drug.
    """
    row, written = shown.row, shown.written
    if row.kind == Kind.DRUG:
        raise NoSuchPrescription(row.id)
    found = {
        "resourceType": "VisionPrescription",
        "id": str(row.key),
        "identifier": [{"system": f"{OURS}prescription", "value": str(row.key)}],
        "status": STATUS.get(shown.state, "active"),
        "created": row.issued_at.isoformat(),
        "patient": {"reference": f"Patient/{row.patient_id}"},
        "dateWritten": row.written_on.isoformat(),
        "prescriber": _prescriber(shown),
        "lensSpecification": [*map(_glass, written.eyes), *map(_contact, written.lenses)],
        "extension": _extensions(written.head, written),
    }
    return found | ({"encounter": {"reference": f"Encounter/{row.encounter_id}"}} if row.encounter_id else {})


def as_json(resource: Json) -> bytes:
    """Encoded with decimals as JSON numbers, digit for digit."""
    return msgspec.json.encode(_exact(resource))


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return msgspec.Raw(f"{value:f}".encode())
    if isinstance(value, dict):
        return {name: _exact(one) for name, one in value.items()}
    return [_exact(one) for one in value] if isinstance(value, list) else value


def _prescriber(shown: Shown) -> Json:
    named: Json = {"display": shown.row.prescriber_name}
    if shown.row.licence:
        named["identifier"] = {"system": f"{OURS}licence", "value": shown.row.licence}
    return named | ({"reference": f"Practitioner/{shown.row.signed_by}"} if shown.row.origin == "own" else {})


def _glass(eye: SpectacleEye) -> Json:
    return _there(
        product=_product("lens"),
        eye=eye.eye,
        sphere=_digits(eye.sphere),
        cylinder=_digits(eye.cylinder),
        axis=eye.axis,
        prism=_prisms(eye),
        add=_digits(eye.add_near),
        extension=_eye_extensions(eye),
    )


def _contact(lens: ContactLens) -> Json:
    return _there(
        product=_product("contact"),
        eye=lens.eye,
        power=_digits(lens.power),
        cylinder=_digits(lens.cylinder),
        axis=lens.axis,
        add=_digits(lens.add_near),
        backCurve=_digits(lens.base_curve),
        diameter=_digits(lens.diameter),
        color=lens.colour,
        brand=lens.name,
    )


def _product(code: str) -> Json:
    return {"coding": [{"system": PRODUCTS, "code": code}]}


def _prisms(eye: SpectacleEye) -> list[Json]:
    """In, out, up, down: at most one of each pair."""
    sides = ((eye.prism_h, "in", "out"), (eye.prism_v, "up", "down"))
    return [{"amount": _digits(abs(p)), "base": plus if p > 0 else minus} for p, plus, minus in sides if p]


def _eye_extensions(eye: SpectacleEye) -> list[Json]:
    entered = again.prism(eye) if eye.prism_1 is not None else None
    lens = eye.lens if eye.lens != "lens" else None
    return [
        *_measures({"add-intermediate": eye.add_intermediate, "add-second": eye.add_second}, "[diop]"),
        *_measures({"pd-distance": eye.pd_far, "pd-near": eye.pd_near}, "mm"),
        *_measures({"magnification": eye.magnification}, "%"),
        *_texts({"prism-entered": entered, "lens-kind": lens, "visual-acuity": eye.va}),
    ]


def _extensions(head: Head, written: Written) -> list[Json]:
    days = {"valid-until": head.valid_until, "dispense-until": head.dispense_until}
    return [
        *_texts({"purpose": head.use, "design": head.design}),
        *({"url": f"{OURS}{name}", "valueDate": day.isoformat()} for name, day in days.items() if day),
        *_measures({"vertex-distance": head.bvd, "pd-distance": head.pd_far, "pd-near": head.pd_near}, "mm"),
    ]


def _measures(values: dict[str, Decimal | None], unit: str) -> list[Json]:
    return [
        {"url": f"{OURS}{name}", "valueQuantity": {"value": _digits(value), "system": UCUM, "code": unit}}
        for name, value in values.items()
        if value is not None
    ]


def _texts(values: dict[str, str | None]) -> list[Json]:
    return [{"url": f"{OURS}{name}", "valueString": value} for name, value in values.items() if value]


def _digits(value: Decimal | None) -> Decimal | None:
    """Two decimals, more where more were written."""
    return None if value is None else max(value.normalize() + 0, value.quantize(Decimal("0.01")), key=_places)


def _places(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)


def _there(**fields: Any) -> Json:
    """What is absent is left out; zero is not absent."""
    return {name: value for name, value in fields.items() if value is not None and value != "" and value != []}
