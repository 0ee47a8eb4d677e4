"""What a page needs to show a drawing, or to have one drawn."""

from dataclasses import dataclass
from typing import Any

import msgspec
from markupsafe import Markup

from cloud.web.drawing.drawn import Drawing, blank, read, write
from cloud.web.drawing.errors import UnreadableDrawing
from cloud.web.drawing.findings import Finding, findings
from cloud.web.drawing.picture import picture
from cloud.web.drawing.vocabulary import Canvas, Eye, Language, Sign, canvas, canvases, phrases


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing in one language; ``problem`` says why a kept value cannot be shown, the value is left alone."""

    canvas: Canvas
    drawing: Drawing
    language: Language
    problem: str = ""

    @property
    def title(self) -> str:
        """The canvas in words."""
        return self.canvas.words.in_language(self.language)

    @property
    def json(self) -> str:
        """The drawing as its field holds it; of a blank sheet that is nothing."""
        return "" if self.drawing.is_blank else write(self.drawing)

    @property
    def findings(self) -> list[Finding]:
        """What the drawing says."""
        return findings(self.drawing)

    def lines(self) -> list[str]:
        """Each finding in words."""
        return [one.words(self.language) for one in self.findings]

    def picture(self, title: str = "") -> Markup:
        """The SVG."""
        return picture(self.drawing, self.language, title)

    def vocabulary(self) -> str:
        """The canvas for the editor, as JSON with the words of one language."""
        return msgspec.json.encode(_told(self.canvas, self.language)).decode()


def sheet_of(value: Any, code: str, eye: Eye, language: str) -> Sheet:
    """The sheet of a stored value (JSON text, its decoded form, or nothing yet)."""
    spoken: Language = "zh" if language == "zh" else "en"
    empty = Sheet(canvases()[code], blank(code, eye), spoken)
    if not value or value == "{}":
        return empty
    try:
        drawing = read(value)
    except UnreadableDrawing as why:
        return Sheet(empty.canvas, empty.drawing, spoken, str(why))
    return Sheet(canvas(drawing.canvas) or empty.canvas, drawing, spoken)


def _told(known: Canvas, language: Language) -> dict[str, Any]:
    pieces = phrases()
    said = {name: getattr(pieces, name).in_language(language) for name in ("separator", "hour", "grade", "scaled")}
    said |= {name: getattr(pieces, name).in_language(language) for name in ("count", "ratio", "size")}
    return {
        "code": known.code,
        "place": known.place,
        "centre": known.centre,
        "mirrors": known.mirrors,
        "perUnit": known.scale.per_unit,
        "zones": [{**msgspec.to_builtins(zone), "words": zone.words.in_language(language)} for zone in known.zones],
        "doodles": [_sign(known, sign, language) for sign in known.doodles],
        "regions": {code: words.in_language(language) for code, words in pieces.regions.items()},
        "phrases": said,
    }


def _sign(known: Canvas, sign: Sign, language: Language) -> dict[str, Any]:
    return {
        "code": sign.code,
        "words": sign.words.in_language(language),
        "shape": sign.shape,
        "tint": sign.tint,
        "size": sign.size,
        "unit": known.unit(sign),
        "places": 2 if sign.unit else 1,
        "grade": msgspec.to_builtins(sign.grade),
        "count": sign.count,
        "aim": sign.aim,
        "whole": sign.whole,
    }
