"""The columns of the modes that are known, in bytes and in order. Topcon CT-80 manual pp. 48-49.

modes 1, 3     model 10, date and time 19, right average 9, left average 9
STD2           model 15, machine no 2, ROM version 10, ID 13, work ID 13, machine work ID 4, date and time 20,
right 24 (three readings and the average, 6 each), left 24
"""

import re

DIALECT = "topcon_ct"
EXPECTED = "the name of a CT tonometer and its columns"
BEGINS = re.compile(rb"(?:TOPCON[ ]{0,3})?CT-\d{2}")

SHORT = {"model": 10, "time": 19, "right": 9, "left": 9}
STD2 = {
    "model": 15,
    "machine_no": 2,
    "rom": 10,
    "id": 13,
    "work_id": 13,
    "machine_work_id": 4,
    "time": 20,
    "right": 24,
    "left": 24,
}
READING = 6
_CONTROLS = bytes([*range(0x20), 0x7F])


def columns(raw: bytes) -> dict[str, str] | None:
    """The fields by name; nothing when the length is that of no known mode.

    What stands between the fields is not told, so control bytes count as nothing.
    """
    text = raw.translate(None, _CONTROLS).decode("latin-1")
    for said in (text, text[text.find("CT-") :]):  # a maker's name before the columns is no column
        for widths in (SHORT, STD2):
            if len(said) == sum(widths.values()):
                return _cut(said, widths)
    return None


def _cut(text: str, widths: dict[str, int]) -> dict[str, str]:
    fields, at = {}, 0
    for name, width in widths.items():
        fields[name] = text[at : at + width]
        at += width
    return fields
