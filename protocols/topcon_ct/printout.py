"""From columns to a reading."""

from typing import Any

from protocols.framing import Unread
from protocols.readings import Instrument, PatientRef, Reading, Tonometry
from protocols.sheet import Margin, blank, integrity, measured_at
from protocols.topcon_ct.grammar import DIALECT, SHORT, STD2, columns
from protocols.topcon_ct.pressures import eye

_WHY = f"{sum(SHORT.values())} characters of modes 1 and 3 or {sum(STD2.values())} of STD2 were expected."


def read(raw: bytes) -> tuple[Reading, ...]:
    """The pressures of both eyes. Raises Unread."""
    fields, margin = columns(raw), Margin()
    if fields is None:
        raise Unread(_WHY)
    eyes = {side: eye(side, fields[side], margin) for side in ("right", "left")}
    if not any(eyes.values()):
        raise Unread("No pressure stands in these columns.")
    return (Tonometry(**_common(raw, fields, margin), right=eyes["right"], left=eyes["left"]),)


def _common(raw: bytes, fields: dict[str, str], margin: Margin) -> dict[str, Any]:
    said = {name: text.strip() for name, text in fields.items()}
    for name in ("machine_no", "work_id"):
        if said.get(name):
            margin.keep(name, said[name])
    return {
        "instrument": Instrument(
            maker="Topcon",
            model=said["model"].removeprefix("TOPCON").strip(),
            dialect=DIALECT,
            firmware=said.get("rom") or None,
        ),
        "integrity": integrity(raw),
        "measured_at": measured_at(fields["time"], margin, "time"),
        "print_number": said.get("machine_work_id") or None,
        "patient_ref": _patient(said, margin),
        "notes": tuple(margin.notes),
        "extra": margin.extra,
    }


def _patient(said: dict[str, str], margin: Margin) -> PatientRef | None:
    """The ID as entered or sent by a computer; a number that runs is nobody's."""
    number = said.get("id", "")
    if blank(number):
        return None
    if number.lstrip("0") in (said["work_id"].lstrip("0"), said["machine_work_id"].lstrip("0")):
        margin.keep("id", number)
        margin.note("patient_id_is_print_number", "The patient id is only the running number.")
        return None
    return PatientRef(id=number)
