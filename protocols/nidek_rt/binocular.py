"""The tests of both eyes together and of accommodation, each by its usual name.

Widths and meanings from the manual's item table; figures inside a test are plain numbers, a blank one is absent.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from protocols.nidek_frame.margin import Margin
from protocols.nidek_rt.figures import number
from protocols.nidek_rt.lines import Item
from protocols.readings import BinocularTest

Read = Callable[[str], dict[str, Any]]

_EYES = {"R": "right", "L": "left"}


class Tests:
    """Collects the tests of a transmission."""

    def __init__(self) -> None:
        self.found: list[BinocularTest] = []
        self.margin = Margin()

    def take(self, item: Item) -> bool:
        """Whether the item was a test."""
        said = item.tag + item.text
        tag = next((said[:length] for length in (4, 3, 2) if said[:length] in _TESTS), None)
        if item.source.upper() != "RT" or tag is None:
            return False
        name, read, fixed = _TESTS[tag]
        try:
            values = read(said[len(tag) :])
        except ValueError:
            self.margin.unreadable(item.segment.tag, item.segment.text)
            return True
        keys = fixed | values
        if values and (test := BinocularTest(name=name, **keys)) not in self.found:
            self.found.append(test)
        return True


def _figures(**widths: int) -> Read:
    def read(text: str) -> dict[str, Any]:
        values: dict[str, Decimal] = {}
        at = 0
        for name, width in widths.items():
            value = number(text[at : at + width])
            values |= {} if value is None else {name: value}
            at += width
        if text[at:].strip():
            raise ValueError("more than the test has")
        return {"values": values} if values else {}

    return read


def _with_word(words: dict[str, str], **widths: int) -> Read:
    """Figures, then a word of which the instrument has a few."""
    width, figures = sum(widths.values()), _figures(**widths)

    def read(text: str) -> dict[str, Any]:
        word = text[width:].strip()
        if word and word not in words:
            raise ValueError("a word that the test does not have")
        return figures(text[:width]) | ({"words": words[word]} if word else {})

    return read


def _letters(allowed: str) -> Read:
    """Nothing but letters, kept as sent."""

    def read(text: str) -> dict[str, Any]:
        word = text.strip()
        if not set(word) <= set(allowed):
            raise ValueError("a letter that the test does not have")
        return {"words": word} if word else {}

    return read


def _dominant(text: str) -> dict[str, Any]:
    letter = text.strip()
    if letter and letter not in _EYES:
        raise ValueError("no eye")
    return {"eye": _EYES[letter], "words": letter} if letter else {}


def _aniseikonia(text: str) -> dict[str, Any]:
    """Per cent; 00 says that there is none, 99 that there is some."""
    words = {"00": "none", "99": "present"}
    if text.strip() in words:
        return {"words": words[text.strip()]}
    return _figures(value=2)(text)


Test = tuple[str, Read, dict[str, Any]]

_BREAKING = _figures(**{"blur": 5, "break": 5, "recovery": 6})
_JUMPING = _figures(**{"break": 6, "recovery": 6})
_SPHERE_KIND = _with_word({"G": "G", "H": "H"}, prism=6, sphere=6)
_PHORIA = _with_word({"EXO": "EXO", "ESO": "ESO"}, value=5)
_STEREO = _with_word({"X": "not seen"}, minutes=2, seconds=2)


def _vergences() -> dict[str, Test]:
    """DV CV at both distances, S and I for each eye; a lower first letter says that it was a subjective test."""
    found: dict[str, Test] = {}
    for lower in (False, True):
        words = {"words": "subjective"} if lower else {}
        for near in (False, True):
            common: dict[str, Any] = {"distance": "near" if near else "far", "unit": "pd"} | words
            for tag, way in (("DV", "in"), ("CV", "out")):
                found[_cased(tag, lower, near)] = ("vergence", _BREAKING, common | {"direction": way})
            for letter, name in (("S", "supravergence"), ("I", "infravergence")):
                for eye, side in _EYES.items():
                    found[_cased(letter + eye, lower, near)] = (name, _JUMPING, common | {"eye": side})
    return found


def _cased(tag: str, lower: bool, near: bool) -> str:
    return (tag[0].lower() if lower else tag[0]) + (tag[1].lower() if near else tag[1])


def _twice(tag: str, name: str, read: Read, unit: str | None) -> dict[str, Test]:
    """Upper case far, lower case near."""
    return {
        tag: (name, read, {"distance": "far", "unit": unit}),
        tag.lower(): (name, read, {"distance": "near", "unit": unit}),
    }


_TESTS: dict[str, Test] = {
    **_vergences(),
    "ME": ("dominant", _dominant, {}),
    "CP": ("npc", _figures(cm=3, ma=4, prism=5), {}),
    "AP": ("npa", _figures(cm=3, power=6), {}),
    "NA": ("nra", _figures(blur=6, recovery=6), {"unit": "D"}),
    "PA": ("pra", _figures(blur=6, recovery=6), {"unit": "D"}),
    "ACG": ("ac_a", _figures(value=5), {"words": "gradient"}),
    "ACH": ("ac_a", _figures(value=5), {"words": "heterophoria"}),
    "#14A": ("crossed_cylinder_14a", _figures(value=6), {"unit": "D"}),
    "#14B": ("crossed_cylinder_14b", _figures(value=6), {"unit": "D"}),
    "#19": ("accommodation_19", _figures(value=6), {"unit": "D"}),
    "#15A": ("phoria_15a", _PHORIA, {"unit": "pd"}),
    "#15B": ("phoria_15b", _PHORIA, {"unit": "pd"}),
    **_twice("SH", "sheard", _SPHERE_KIND, None),
    **_twice("PE", "percival", _SPHERE_KIND, None),
    "MGA": ("morgan_a", _letters("HLN "), {}),
    "MGB": ("morgan_b", _letters("HLN "), {}),
    "MGC": ("morgan_c", _letters("HLN "), {}),
    "FW": ("worth", _figures(value=1), {}),
    **_twice("SC", "stereo", _STEREO, None),
    "AN": ("aniseikonia_an", _aniseikonia, {"unit": "pct"}),
    "AH": ("aniseikonia_ah", _aniseikonia, {"unit": "pct"}),
}
