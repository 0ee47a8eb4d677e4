"""An instrument's name from what it said, with the evidence and the lines for the configuration."""

import re
from dataclasses import dataclass, replace
from typing import Any

from edge.discovery import Candidate, Manifest, Model, candidates
from edge.links import LineSettings
from protocols.framing import Request, Transmission
from protocols.readings import Reading, kind

SURE = 50  # below this a dialect only thinks it has seen a beginning
SHOWN = 32  # bytes of evidence
UNKNOWN = "unknown"  # what dialects call a model that was not named


@dataclass(frozen=True, slots=True)
class Found:
    """Who speaks on a port, and how that was known."""

    maker: str
    said: str  # the model as the instrument calls itself
    manifest: Manifest
    model: Model | None  # the same in the manifest
    why: str
    score: int
    evidence: str
    kinds: frozenset[str]
    line: LineSettings | None = None

    @property
    def name(self) -> str:
        """What stands on its case, as far as it said so; else what its kin is called."""
        if self.said != UNKNOWN:
            return f"{self.maker} {self.said}"
        return f"{self.maker} {self.model.model}" if self.model else f"one of: {self.manifest.name}"

    @property
    def possible(self) -> list[Model]:
        """The models it can be, when it did not say which: those that measure all this, at this line."""
        able = [one for one in self.manifest.models if self.kinds <= set(one.kinds)]
        return [one for one in able if not self.line or self.manifest.line(one) in (None, self.line)] or able

    def being(self, model: Model) -> "Found":
        """As a person named it."""
        return replace(self, model=model).at(self.line)

    def at(self, line: LineSettings | None) -> "Found":
        """With the line it was read at. Stop bits cannot be heard, so the factory's are believed."""
        factory = self.manifest.line(self.model) if self.model else None
        same = line and factory and (line.baud, line.bits, line.parity) == (factory.baud, factory.bits, factory.parity)
        return replace(self, line=factory if same else line)

    def block(self, name: str, url: str) -> str:
        """Its place in the configuration; the line only where the factory's is another."""
        lines = ["[[instrument]]", f'name = "{name}"', f'family = "{self.manifest.family}"']
        lines += [f'model = "{self.model.model}"'] if self.model else []
        return "\n".join([*lines, f'url = "{url}"', *self._line()]) + "\n"

    def _line(self) -> list[str]:
        factory = self.manifest.line(self.model) if self.model else None
        if self.line is None or self.line == factory:
            return []
        line = self.line
        return [f"baud = {line.baud}", f"bits = {line.bits}", f'parity = "{line.parity}"', f"stop = {line.stop:g}"]


def named(data: bytes) -> Found | None:
    """Who said this, when some dialect is sure and reads a measurement in it."""
    best = candidates(data)[0]
    if best.recognition.score < SURE:
        return None
    readings = [
        reading for event in best.dialect.decode(data) if isinstance(event, Transmission) for reading in event.readings
    ]
    return _found(best, data, readings) if readings else None


def asks(data: bytes) -> Manifest | None:
    """The family of an instrument that only asks whether it may send."""
    best = candidates(data)[0]
    if best.recognition.score < SURE:
        return None
    return best.manifest if any(isinstance(event, Request) for event in best.dialect.decode(data)) else None


def openings(manifest: Manifest) -> list[dict[str, Any]]:
    """With which settings its driver may answer: those of every model, the most frequent first."""
    given = [model.settings for model in manifest.models]
    return sorted({str(one): one for one in given}.values(), key=lambda one: -given.count(one))


def escaped(data: bytes, *known: str) -> str:
    """Bytes as evidence without a patient: letters as X, digits as 0, but maker and model as they are."""
    text = data.decode("latin-1")
    kept = re.compile("|".join(re.escape(word) for word in known if len(word) > 2) or r"(?!)", re.IGNORECASE)
    shown, at = "", 0
    for word in kept.finditer(text):
        shown, at = shown + _masked(text[at : word.start()]) + word[0], word.end()
    return (shown + _masked(text[at:]))[:SHOWN].encode("unicode_escape").decode("ascii")


def _masked(text: str) -> str:
    return re.sub(r"\d", "0", re.sub(r"[^\W\d_]|[\x80-\xff]", "X", text))


def _found(best: Candidate, data: bytes, readings: list[Reading]) -> Found:
    said = readings[0].instrument
    return Found(
        maker=said.maker,
        said=said.model,
        manifest=best.manifest,
        model=best.manifest.model(said.model),
        why=best.recognition.why,
        score=best.recognition.score,
        evidence=escaped(data[:256], said.maker, said.model),
        kinds=frozenset(kind(reading) for reading in readings),
    )
