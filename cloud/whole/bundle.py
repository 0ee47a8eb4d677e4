"""Files in one ZIP, with a manifest that says how many rows each holds and what its digest is."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

FORMAT = "emmetra.whole-record/1"
MANIFEST = "manifest.json"
# ZIP begins in 1980; a fixed moment makes the same files the same bytes
MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One file: its bytes, what its content is called, how many rows it holds, and whether these are all there are."""

    name: str
    data: bytes
    format: str
    rows: int
    complete: bool = True


def json_part(name: str, called: str, rows: Sequence[Any], limit: int | None = None) -> Part:
    """Rows as ``{"format": ..., "rows": [...]}``; decimals as text, moments in ISO 8601, raw JSON as it came."""
    data = msgspec.json.encode({"format": called, "rows": rows})
    return Part(f"{name}.json", data, called, len(rows), limit is None or len(rows) < limit)


def packed(parts: Sequence[Part], about: Mapping[str, Any]) -> bytes:
    """The ZIP: every part, and the manifest, which holds ``about`` and a line for each of them."""
    lines = [
        {
            **{"name": one.name, "format": one.format, "rows": one.rows, "complete": one.complete},
            **{"bytes": len(one.data), "sha256": hashlib.sha256(one.data).hexdigest()},
        }
        for one in parts
    ]
    manifest = msgspec.json.format(msgspec.json.encode({"format": FORMAT, **about, "files": lines}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in ((MANIFEST, manifest), *((one.name, one.data) for one in parts)):
            file.writestr(zipfile.ZipInfo(name, MOMENT), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
