"""The instruments of the file, each ``[[instrument]]``."""

from typing import Any

from edge.config.complaints import Complaints
from edge.config.tables import LINE
from edge.supervisor.fitting import InstrumentSettings
from protocols.envelope.table_map import TableMap


def read(said: Complaints, table: dict[str, Any]) -> list[InstrumentSettings]:
    """All of them, as far as they can be used."""
    listed = table.get("instrument", [])
    if not isinstance(listed, list):
        said.say("instrument", None, 0, "write [[instrument]] with two brackets, once for each instrument")
        return []
    checked = [said.checked("instrument", section, at) for at, section in enumerate(listed)]
    found = [_settings(section, _map(said, section.get("map"), at)) for at, section in enumerate(checked)]
    _twice(said, found, "name")
    _twice(said, found, "url")
    for at, instrument in enumerate(found):
        said.url(instrument.url, at, "instrument")
    return found


def _twice(said: Complaints, found: list[InstrumentSettings], what: str) -> None:
    seen: set[str] = set()
    for at, instrument in enumerate(found):
        value = getattr(instrument, what)
        if value and value in seen:
            said.say("instrument", what, at, f"{what} {value!r} is used twice; every instrument needs its own")
        seen.add(value)


def _map(said: Complaints, name: str | None, at: int) -> TableMap | None:
    """The map of a program's tables, from the file beside the configuration."""
    if name is None:
        return None
    from protocols.mapped_table import BadMap, map_of

    try:
        return map_of((said.path.parent / name).read_text("utf-8"))
    except OSError as refusal:
        said.say("instrument", "map", at, f"map {name} cannot be read ({refusal.strerror})")
    except UnicodeDecodeError:
        said.say("instrument", "map", at, f"map {name} is no text in UTF-8")
    except BadMap as refusal:
        for sentence in refusal.sentences:
            said.say("instrument", "map", at, f"map {name}: {sentence}")
    return None


def _settings(given: dict[str, Any], drawn: TableMap | None) -> InstrumentSettings:
    return InstrumentSettings(
        name=given.get("name", ""),
        family=given.get("family", ""),
        url=given.get("url", ""),
        model=given.get("model"),
        lane=given.get("lane"),
        line={key: given[key] for key in LINE if key in given},
        settings=given.get("settings", {}),
        map=drawn,
    )
