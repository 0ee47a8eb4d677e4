"""The form of a configuration: what was typed becomes a document, and a document what stands in the fields."""

import hashlib
import re
import secrets
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from cloud.shadow.choices import PIN_DIGITS, SPARE_ROWS, WHOLE
from protocols.envelope.table_map import TableMap, as_toml

ROW = ("name", "family", "model", "url", "lane", "settings")
_PAIR = re.compile(r"([a-z_]+)\s*=\s*(\S+)")
_COST, _BLOCK, _LANES = 1 << 13, 8, 2  # as edge/console has them; the gateway reads them from the digest


def document(form: Mapping[str, str], base: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as a document that may still be faulty; ``base`` keeps what no field says."""
    doc = {key: base[key] for key in ("software", "console_pin") if key in base}
    doc |= {key: _whole(text) for key in WHOLE if (text := _said(form, key))}
    doc |= {key: text for key in ("log_level", "language") if (text := _said(form, key))}
    if url := _said(form, "broker"):
        doc["broker"] = {"url": url}
    if trace := _said(form, "trace"):
        doc["trace"] = trace == "yes"
    if form.get("where") == "here":
        doc["instruments"] = [row for at in range(rows(form)) if (row := _row(form, at))]
    return doc | _pin(form)


def rows(form: Mapping[str, str]) -> int:
    """How many rows of instruments were sent, within reason."""
    return min(_number(form.get("rows", "")), 200)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _said(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").strip()


def _whole(text: str) -> Any:
    """The number, or the text where it is none: the rules say so beside the field."""
    return int(text) if re.fullmatch(r"\d{1,9}", text) else text


def _row(form: Mapping[str, str], at: int) -> dict[str, Any]:
    """One instrument; an empty or removed row is none."""
    said = {key: text for key in ROW if (text := _said(form, f"{key}-{at}"))}
    if form.get(f"gone-{at}") or not said.keys() - {"family"}:
        return {}
    settings, drawn = said.pop("settings", ""), _said(form, f"map-{at}")
    return {**said, **({"settings": pairs(settings)} if settings else {}), **({"map": _map(drawn)} if drawn else {})}


def _map(text: str) -> Any:
    """The map, or the text where it is no TOML: the rules say so beside the field."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return text


def pairs(text: str) -> dict[str, Any]:
    """``baud=9600 parity=even`` with numbers as numbers."""
    return {key: _typed(value) for key, value in _PAIR.findall(text)}


def _typed(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return (
        int(value) if re.fullmatch(r"\d{1,9}", value) else float(value) if re.fullmatch(r"\d+\.\d+", value) else value
    )


def _pin(form: Mapping[str, str]) -> dict[str, Any]:
    """The digest of a new PIN; one that is no PIN is left for the rules to refuse."""
    pin = _said(form, "console_pin")
    if not pin:
        return {}
    least, most = PIN_DIGITS
    if not (pin.isdecimal() and pin.isascii() and least <= len(pin) <= most) or len(set(pin)) < 3:
        return {"console_pin": False}
    salt = secrets.token_bytes(16)
    digest = hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=1 << 26, dklen=32)
    return {"console_pin": f"scrypt:{_COST}:{_BLOCK}:{_LANES}:{salt.hex()}:{digest.hex()}"}


def fields(doc: Mapping[str, Any], reported: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a document; where it says nothing of instruments, what the gateway has."""
    found = {key: str(doc[key]) for key in (*WHOLE, "log_level", "language") if key in doc}
    found["broker"] = doc.get("broker", {}).get("url", "")
    found["trace"] = {True: "yes", False: "no"}.get(doc.get("trace", ""), "")
    found["where"] = "here" if "instruments" in doc else "file"
    listed = doc.get("instruments", reported.get("instruments", []))
    for at, one in enumerate(listed):
        found |= {f"{key}-{at}": str(one.get(key, "")) for key in ROW if key != "settings"}
        found[f"map-{at}"] = as_toml(msgspec.convert(one["map"], TableMap)) if "map" in one else ""
        found[f"settings-{at}"] = " ".join(f"{key}={_shown(value)}" for key, value in one.get("settings", {}).items())
    return found | {"rows": str(len(listed) + SPARE_ROWS)}


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def row_places(form: Mapping[str, str]) -> list[int]:
    """Which row each instrument of the document came from, so that an error stands beside it."""
    return [at for at in range(rows(form)) if _row(form, at)]
