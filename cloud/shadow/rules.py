"""What a document may say, key by key, and what two documents differ in. Nothing here knows a database."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from cloud.shadow.errors import Faulty
from protocols.envelope.desired import Instrument, Wanted

KEYS = Wanted.__struct_fields__
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")  # as edge/config/tables.py has it
NUMBERED = re.compile(r"(?:serial:)?/dev/tty(?:USB|ACM)\d+\Z")


def checked(doc: Mapping[str, Any]) -> Wanted:
    """The document as both houses know it. Raises Faulty with everything that is wrong."""
    faults = {place: code for key in doc if (found := _faults(key, doc[key])) for place, code in found.items()}
    if faults:
        raise Faulty(faults)
    return msgspec.convert(dict(doc), Wanted)


def _faults(key: str, value: Any) -> dict[str, str]:
    if key not in KEYS:
        return {key: "unknown"}
    if key == "instruments" and isinstance(value, list):
        return _instruments(value)
    try:
        msgspec.convert({key: value}, Wanted)
    except msgspec.ValidationError:
        return {key: "not_so"}
    return {}


def _instruments(rows: Sequence[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, row in enumerate(rows):
        found |= {f"instruments.{at}.{place}": code for place, code in _instrument(row).items()}
    for what in ("name", "url"):
        values = [row.get(what) for row in rows if isinstance(row, Mapping)]
        twice = {f"instruments.{at}.{what}": "twice" for at, one in enumerate(values) if one and one in values[:at]}
        found = twice | found
    return found


def _instrument(row: Any) -> dict[str, str]:
    if not isinstance(row, Mapping):
        return {"name": "not_so"}
    found = {key: "missing" for key in ("name", "family", "url") if not row.get(key)}
    if not found.get("name") and not SLUG.match(str(row.get("name"))):
        found["name"] = "no_name"
    if NUMBERED.match(str(row.get("url", ""))):
        found["url"] = "numbered"
    if not found:
        try:
            msgspec.convert(dict(row), Instrument)
        except msgspec.ValidationError as refusal:
            place = re.search(r"\$\.(\w+)", str(refusal))
            found[place[1] if place else "name"] = "not_so"
    return found


def plain(doc: Wanted) -> dict[str, Any]:
    """The document as JSON; what is absent stays absent."""
    told: dict[str, Any] = msgspec.to_builtins(doc)
    return told


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Keys in which two documents differ."""
    return [key for key in KEYS if before.get(key) != after.get(key)]
