"""One file for support: everything that helps, nothing that opens a door, nothing about a person."""

import io
import json
import tomllib
import zipfile
from typing import Any

from edge.clock import iso
from edge.diagnostics import facts, ring
from edge.diagnostics.redacting import doors, scrubbed, without_secrets
from edge.diagnostics.running import run_all, table
from edge.diagnostics.site import Site


def bundle(site: Site) -> bytes:
    """The file, a zip of texts. It blocks; a loop calls it in a thread."""
    config = _config(site)
    known = frozenset(doors(config))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _texts(site, config).items():
            file.writestr(name, scrubbed(text, known))
    return packed.getvalue()


def _config(site: Site) -> dict[str, Any]:
    try:
        return tomllib.loads(site.config.path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _texts(site: Site, config: dict[str, Any]) -> dict[str, str]:
    results = run_all(site)
    about = {"address": str(site.config.address), "made_at": iso(site.now()), "running": site.running}
    return {
        "about.json": _json(about),
        "config.json": _json(without_secrets(config)),
        "checks.txt": table(results) + "\n",
        "checks.json": _json([one._asdict() for one in results]),
        "status.json": _json(site.status),
        "log.txt": "\n".join(ring.lines(site.config.data)) + "\n",
        "outbox.json": _json(facts.outbox(site)),
        "system.json": _json(facts.system(site)),
        "network.json": _json(facts.network(site)),
        "software.json": _json(facts.software()),
        "folder.json": _json(facts.folders(site.config.data)),
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
