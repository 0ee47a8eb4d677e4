"""The files that an RT-6100 takes out of its share: spectacles as a lensmeter exports them, NIDEK_V1.01.

An autorefraction goes in as NIDEK's ``Data`` XML, which its own dialect writes. An earlier prescription goes in as
the lensmeter's, where the operator finds it; a near sphere besides the addition has no place.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from protocols.joia.cv5000 import Preset, plain
from protocols.joia.slots import Sendable, Values, based, distances, eyes, places
from protocols.nidek_xml import autorefraction_document
from protocols.readings import Autorefraction, AutorefractionEye, Pd, PrismComponent, Reading
from protocols.xml.writing import Tag, text_of

_STAGES = {
    "autorefraction": "autorefraction",
    "lensmeter": "lensmeter",
    "final": "lensmeter",
    "previous": "lensmeter",
}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-16"?>\r\n<?xml-stylesheet type="text/xsl" href="NIDEK_LM_Stylesheet.xsl"?>\r\n'
)


def import_files(readings: Iterable[Reading], *, patient_id: str, moment: datetime) -> tuple[Preset, ...]:
    """One file a kind, the spectacles first; what an RT-6100 does not take is left out. Raises Unfit."""
    found = {name: reading for (name, distance), reading in places(readings, _STAGES).items() if distance == "far"}
    files = []
    stamp = f"{plain(patient_id)[:16]}_{moment:%Y%m%d%H%M%S}_EMMETRA.xml"
    if "lensmeter" in found:
        document = lensmeter_document(found["lensmeter"], patient_id=patient_id, moment=moment)
        files.append(Preset(f"LM_{stamp}", document, ("lensmeter",)))
    if "autorefraction" in found:
        objective = _objective(found["autorefraction"])
        document = autorefraction_document(objective, patient_id=patient_id, moment=moment)
        files.append(Preset(f"ARK_{stamp}", document, ("autorefraction",)))
    return tuple(files)


def lensmeter_document(reading: Sendable, *, patient_id: str, moment: datetime) -> bytes:
    """Spectacles in the form of an LM-1800PD, under the name of the instrument that measured. Raises Unfit."""
    lenses = [Tag(letter, _lens(eye)) for letter, eye in eyes(reading).items()]
    measure = [
        Tag("MeasureMode"),
        Tag("DiopterStep", None, {"unit": "D"}),
        Tag("AxisStep", None, {"unit": "deg"}),
        Tag("CylinderMode"),
        Tag("LM", lenses),
        *_pd(distances(reading)),
    ]
    root = Tag("Ophthalmology", [_common(reading, patient_id, moment), Tag("Measure", measure, {"Type": "LM"})])
    return b"\xff\xfe" + (_HEAD + text_of(root, newline="\r\n")).encode("utf-16-le")


def _common(reading: Sendable, patient_id: str, moment: datetime) -> Tag:
    told = {"Company": reading.instrument.maker, "ModelName": reading.instrument.model, "MachineNo": None}
    when = {"ROMVersion": None, "Version": "NIDEK_V1.01", "Date": f"{moment:%Y-%m-%d}", "Time": f"{moment:%H:%M:%S}"}
    blank = ("FirstName", "MiddleName", "LastName", "Sex", "Age", "DOB", "NameJ1", "NameJ2")
    patient = [Tag("No."), Tag("ID", patient_id), *(Tag(name) for name in blank)]
    return Tag("Common", [*(Tag(*one) for one in (told | when).items()), Tag("Patient", patient)])


def _lens(eye: Values) -> list[Tag]:
    prism = eye.prism
    horizontal, vertical = (based(part) for part in ((prism.horizontal, prism.vertical) if prism else (None, None)))
    powers: dict[str, Decimal | int | None] = {"Sphere": eye.sphere, "Cylinder": eye.cylinder}
    return [
        *(Tag(name, value, {"unit": "D"}) for name, value in powers.items()),
        Tag("Axis", eye.axis, {"unit": "deg"}),
        Tag("SE", None, {"unit": "D"}),
        Tag("ADD", eye.add, {"unit": "D"}),
        Tag("ADD2", None, {"unit": "D"}),
        Tag("NearSphere", eye.near_sphere, {"unit": "D"}),
        Tag("NearSphere2", None, {"unit": "D"}),
        Tag("Prism", prism.power if prism else None, {"unit": "pri"}),
        Tag("PrismBase", prism.base_deg if prism else None, {"unit": "deg"}),
        _component("PrismX", horizontal, "in"),
        _component("PrismY", vertical, "up"),
        Tag("UVTransmittance", None, {"unit": "%"}),
        Tag("ConfidenceIndex"),
    ]


def _component(name: str, component: PrismComponent | None, usual: str) -> Tag:
    """The base is there even where the power is not."""
    base = component.base if component is not None else usual
    return Tag(name, component.power if component is not None else None, {"unit": "pri", "base": base or usual})


def _pd(pd: Pd) -> list[Tag]:
    told = {"Distance": pd.far, "DistanceR": pd.far_right, "DistanceL": pd.far_left}
    known = [Tag(name, value, {"unit": "mm"}) for name, value in told.items() if value is not None]
    return [Tag("PD", known)] if known else []


def _objective(reading: Sendable) -> Autorefraction:
    """What a phoropter passed on, in the form of the instrument that measured it."""
    if isinstance(reading, Autorefraction):
        return reading
    right, left = (eyes(reading).get(letter) for letter in "RL")
    return Autorefraction(
        instrument=reading.instrument,
        integrity=reading.integrity,
        pd=reading.pd,
        right=_eye(right) if right else None,
        left=_eye(left) if left else None,
    )


def _eye(eye: Values) -> AutorefractionEye:
    return AutorefractionEye(sphere=eye.sphere, cylinder=eye.cylinder, axis=eye.axis)
