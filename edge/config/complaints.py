"""Everything that is wrong with a file, each with its line, what was expected and what to write."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge.config.keys import Key, shown
from edge.config.tables import KEYS
from edge.links import LinkRefused
from edge.links.opening import address
from edge.links.usb import NUMBERED, lasting_name


@dataclass
class Complaints:
    """Of one reading of a file; ``source`` is its text. ``at`` counts the sections of one name, from 0."""

    path: Path
    source: str
    problems: list[str] = field(default_factory=list)

    def say(self, section: str | None, key: str | None, at: int, what: str) -> None:
        """One more thing that is wrong; ``key`` None is the section itself."""
        line = next(_lines(self.source, section, key, at), None)
        self.problems.append(
            f"{self.path}{f', line {line}' if line else ''}: {what}.".replace("?.", "?").replace("..", ".")
        )

    def checked(
        self, name: str, section: dict[str, Any], at: int, known: dict[str, Key] | None = None
    ) -> dict[str, Any]:
        """What of a section can be used; ``known`` are its keys where they are not those of its name."""
        known = known or KEYS[name]
        self.unknown(section, set(known), name, at)
        for key, rule in known.items():
            if key not in section:
                if rule.needed:
                    self.say(name, None, at, f"{key} is missing; write {key} = {rule.expected}")
            elif not rule.fits(section[key]):
                found = "(a secret)" if key == "password" or rule.secret else shown(section[key])
                self.say(name, key, at, f"{key} is {found}, expected {rule.expected}")
        return {key: value for key, value in section.items() if key in known and known[key].fits(value)}

    def unknown(self, section: dict[str, Any], known: set[str], name: str | None, at: int) -> None:
        """Keys nobody reads, with the one that was perhaps meant."""
        for key in section.keys() - known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            self.say(name, key, at, f"{key} is not known here; {hint}")

    def url(self, url: str, at: int, section: str) -> None:
        """Where something is plugged in."""
        try:
            if url:
                address(url)
        except LinkRefused as refusal:
            self.say(section, "url", at, f"{refusal.what} {refusal.hint}")
        if numbered := NUMBERED.match(url):
            self.say(section, "url", at, _numbered(numbered[1]))


def _lines(source: str, section: str | None, key: str | None, at: int) -> Iterator[int]:
    """Where a key stands, or its section when the key is missing."""
    here, seen = None, -1
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*\[{1,2}\s*([\w.-]+)", line):
            here = header[1]
            seen += here == section
            if key in (here, None) and (section in (here, None)) and seen in (at, -1):
                yield number
        elif (
            key
            and here == section
            and (seen == at or section is None)
            and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[=.]", line)
        ):
            yield number


def _numbered(device: str) -> str:
    """Why a numbered port is refused, and the line to write instead."""
    name = lasting_name(device)
    write = (
        f'write url = "{name}"' if name else "write the name that `ls /dev/serial/by-id` shows once it is plugged in"
    )
    return f"{device} may be another adapter after the next start; {write}"
