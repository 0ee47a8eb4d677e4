"""An autorefraction as an ARK would export it: what the RT-6100 takes over from its share.

UTF-16 little endian with its mark and CRLF, as the real NT-530P export has it (docs/wire/nidek_xml.md). The
instrument that measured keeps its own name.
"""

from datetime import datetime

from protocols.readings import Autorefraction, AutorefractionEye, Pd, RefractionReading
from protocols.xml.writing import Tag, Unfit, signed, text_of

_HEAD = '<?xml version="1.0" encoding="UTF-16"?>\r\n<?xml-stylesheet type="text/xsl" href="RKT_style.xsl"?>\r\n'
_EYES = (("R", "right"), ("L", "left"))


def autorefraction_document(reading: Autorefraction, *, patient_id: str, moment: datetime) -> bytes:
    """The bytes of the file. Raises Unfit."""
    eyes = [Tag(letter, _eye(eye, side)) for letter, side in _EYES if (eye := getattr(reading, side)) is not None]
    if not eyes:
        raise Unfit("the autorefraction has no eye to send")
    root = Tag("Data", [*_top(reading, patient_id, moment), *eyes, *_pd(reading.pd)])
    return b"\xff\xfe" + (_HEAD + text_of(root, newline="\r\n", indent="\t")).encode("utf-16-le")


def _top(reading: Autorefraction, patient_id: str, moment: datetime) -> list[Tag]:
    vertex = [Tag("VD", f"{reading.vertex_mm} mm")] if reading.vertex_mm is not None else []
    working = [Tag("WorkingDistance", f"{reading.working_cm} cm")] if reading.working_cm is not None else []
    return [
        Tag("Company", reading.instrument.maker),
        Tag("ModelName", reading.instrument.model),
        Tag("Version", "1.01"),
        Tag("Date", f"{moment:%Y/%m/%d}"),
        Tag("Time", f"{moment:%H:%M:%S}"),
        Tag("Patient", [Tag("No."), Tag("ID", patient_id)]),
        *vertex,
        *working,
    ]


def _eye(eye: AutorefractionEye, side: str) -> list[Tag]:
    if eye.sphere is None:
        raise Unfit(f"the {side} eye has single readings but no value chosen from them")
    readings = [Tag("ARList", _reading(one), {"No": str(at)}) for at, one in enumerate(eye.readings, 1)]
    return [Tag("AR", [*readings, Tag("ARMedian", _power(eye))])]


def _reading(one: RefractionReading) -> list[Tag]:
    if one.error is not None:
        return [Tag("Error", one.error)]
    mode = Tag("CataractMode", "ON" if one.cataract_mode else "")
    power = _power(one)
    return [*power[:3], mode, Tag("ConfidenceIndex", one.confidence), *power[3:]]


def _power(value: AutorefractionEye | RefractionReading) -> list[Tag]:
    powers = [Tag("Sphere", signed(value.sphere)), Tag("Cylinder", signed(value.cylinder)), Tag("Axis", value.axis)]
    return [*powers, *([Tag("SE", signed(value.se))] if value.se is not None else [])]


def _pd(pd: Pd | None) -> list[Tag]:
    if pd is None:
        return []
    distances = {"FarPD": pd.far, "RPD": pd.far_right, "LPD": pd.far_left, "NearPD": pd.near}
    told = [Tag(name, value) for name, value in distances.items() if value is not None]
    return [Tag("PD", [Tag("PDList", told, {"No": "1"})])] if told else []
