"""What calls people: each ``[callers.NAME]``."""

from dataclasses import dataclass
from typing import Any

from edge.callers.settings import KINDS, CallerSettings
from edge.callers.settings import settings as caller_settings
from edge.config.complaints import Complaints
from edge.config.tables import CALLER, CALLERS, SLUG
from edge.supervisor.fitting import InstrumentSettings


@dataclass(frozen=True, slots=True)
class Others:
    """What else hangs on the gateway: names that are taken, and instruments by their port."""

    names: set[Any]
    ports: dict[str, str]


def read(said: Complaints, table: dict[str, Any], instruments: list[InstrumentSettings]) -> list[CallerSettings]:
    """All of them, as far as they can be used."""
    given = table.get("callers", {})
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
        said.say("callers", None, 0, "write each caller as [callers.NAME] with one bracket")
        return []
    dicom = table.get("dicom", {})
    devices = dicom.get("device", []) if isinstance(dicom, dict) else []
    names = {one.name for one in instruments} | {one.get("name") for one in devices if isinstance(one, dict)}
    others = Others(names, {one.url: one.name for one in instruments})
    return [found for name, one in given.items() if (found := _caller(said, name, one, others))]


def _caller(said: Complaints, name: str, given: dict[str, Any], others: Others) -> CallerSettings | None:
    """One of them; nothing where something is wrong with it."""
    before, section = len(said.problems), f"callers.{name}"
    if not SLUG.match(name) or name in others.names:
        said.say(section, None, 0, f"{name!r} is no name for a caller; write a short one that nothing else has")
    kind = given.get("kind")
    if kind not in KINDS:
        given = {key: value for key, value in given.items() if key in CALLER}
    checked = said.checked(section, given, 0, CALLERS[kind] if kind in KINDS else CALLER)
    if url := checked.get("url"):
        said.url(url, 0, section)
        if url in others.ports:
            said.say(
                section, "url", 0, f"url {url!r} is that of the instrument {others.ports[url]}; one of them is wrong"
            )
    return caller_settings(name, checked, said.path.parent) if len(said.problems) == before else None
