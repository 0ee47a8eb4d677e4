"""What stood in the phoropter, by stage, distance and light: one reading for each.

The first letter says the stage inside @RT (lower case subjective, upper case final; W, M, K unaided), the second
the eye, upper case far, lower case near. ``F`` and ``N`` say far and near themselves, whatever the second letter.
The pupillary distances of a stage stand in its far reading, or in its near one where there is no far.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from protocols.nidek_frame.margin import Margin
from protocols.nidek_rt import figures
from protocols.nidek_rt.lines import Item
from protocols.nidek_rt.shapes import Shape, joined, shape
from protocols.readings import Pd, Stage, SubjectiveEye

Distance = Literal["far", "near"]
Light = Literal["day", "night"]
Key = tuple[Stage, Distance, Light]

_SOURCES: dict[str, Stage] = {"LM": "lensmeter", "RM": "autorefraction", "WF": "wavefront"}
_EYES = {"R": "right", "L": "left", "B": "both"}
_DISTANCES: dict[str, Distance] = {"F": "far", "N": "near"}
_PD = {"D": ("far", "far_right", "far_left"), "d": ("near", "near_right", "near_left")}
# Of the near point of the whole refraction, of the lensmeter, of the final prescription: the last is the narrowest.
_WORKING: dict[str, tuple[Stage, ...]] = {"WD": ("subjective", "final"), "Wd": ("lensmeter",), "wd": ("final",)}

_CENTIMETRES = re.compile(r" {0,2}\d{1,3}")


@dataclass
class Draft:
    """A reading while it is collected."""

    keys: dict[str, Any] = field(default_factory=dict)
    eyes: dict[str, dict[str, Any]] = field(default_factory=dict)
    margin: Margin = field(default_factory=Margin)

    @property
    def filled(self) -> bool:
        """An eye was read, or a pupillary distance."""
        return bool(self.eyes or "pd" in self.keys)

    def settled(self) -> dict[str, Any]:
        """The keys of the reading."""
        return self.keys | {side: SubjectiveEye(**values) for side, values in self.eyes.items()}


class Stages:
    """Collects the items that belong to a stage, in the order in which the stages came."""

    def __init__(self) -> None:
        self._drafts: dict[Key, Draft] = {}
        self._distances: dict[tuple[Stage, Light], dict[str, Any]] = {}
        self._working: dict[str, Item] = {}

    def take(self, item: Item) -> bool:
        """Whether the item belonged to a stage."""
        stage, read = _stage(item), shape(item.source, item.tag[:1])
        if item.tag in _WORKING:
            return self._working.setdefault(item.tag, item).text == item.text
        if stage and item.tag.upper() == "PD":
            self._apart(stage, item)
        elif stage and read and item.tag[1:].upper() in _EYES:
            self._eye(stage, read, item)
        else:
            return False
        return True

    def drafts(self, rest: Margin) -> dict[Key, Draft]:
        """Everything collected, with what was said of a whole stage in its place; else it goes to the rest."""
        for (stage, light), values in self._distances.items():
            self._first(stage, light).keys["pd"] = Pd(**values)
        for tag, stages in _WORKING.items():
            if tag in self._working:
                self._work(self._working[tag], stages, rest)
        return self._drafts

    def _draft(self, key: Key) -> Draft:
        return self._drafts.setdefault(key, Draft())

    def _eye(self, stage: Stage, read: Shape, item: Item) -> None:
        letter, second = item.tag[0], item.tag[1]
        distance = _DISTANCES.get(letter.upper()) or ("far" if second.isupper() else "near")
        draft = self._draft((stage, distance, _light(item)))
        try:
            values = read(item.text)
        except ValueError:
            draft.margin.unreadable(item.segment.tag, item.segment.text)
            return
        if values:
            _join(draft.eyes.setdefault(_EYES[second.upper()], {}), values, item, draft.margin)

    def _apart(self, stage: Stage, item: Item) -> None:
        light = _light(item)
        margin = self._draft((stage, "far", light)).margin
        try:
            said = zip(_PD[item.tag[1]], figures.distances(item.text), strict=True)
        except ValueError:
            margin.unreadable(item.segment.tag, item.segment.text)
            return
        if values := {name: value for name, value in said if value is not None}:
            _join(self._distances.setdefault((stage, light), {}), values, item, margin)

    def _first(self, stage: Stage, light: Light) -> Draft:
        """The far reading of a stage; the near one where no far eye was read."""
        far, near = self._draft((stage, "far", light)), self._drafts.get((stage, "near", light))
        return near if near and near.eyes and not far.eyes else far

    def _work(self, item: Item, stages: tuple[Stage, ...], rest: Margin) -> None:
        mine = [draft for (stage, *_), draft in self._drafts.items() if stage in stages and draft.filled]
        if item.text.strip() and not _CENTIMETRES.fullmatch(item.text):
            rest.unreadable(item.segment.tag, item.segment.text)
        elif item.text.strip() and not mine:
            rest.keep(item.tag, item.text)
        elif item.text.strip():
            for draft in mine:
                _worked(draft, int(item.text))


def _worked(draft: Draft, centimetres: int) -> None:
    before = draft.keys.get("working_cm", centimetres)
    if before != centimetres:
        draft.margin.keep("WD", str(before))
    draft.keys["working_cm"] = centimetres


def _stage(item: Item) -> Stage | None:
    source, letter = item.source.upper(), item.tag[:1]
    if source != "RT":
        return _SOURCES.get(source)
    if letter in "WMK":
        return "unaided"
    return "subjective" if letter.islower() else "final"


def _light(item: Item) -> Light:
    return "night" if item.source.islower() else "day"


def _join(known: dict[str, Any], values: dict[str, Any], item: Item, margin: Margin) -> None:
    if not joined(known, values):
        margin.keep(item.tag, item.text)
        margin.note("said_twice", "The phoropter said a value twice and not alike; the first one stands.")
