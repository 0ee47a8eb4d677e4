"""From a drawing to findings that can be searched, counted and read out."""

import math
from dataclasses import dataclass

from cloud.web.drawing.drawn import Doodle, Drawing
from cloud.web.drawing.places import Position, position
from cloud.web.drawing.vocabulary import Canvas, Eye, Language, Phrases, Sign, canvas, phrases

# At these hours the quadrant is a matter of a degree or two: it is kept, but not read out.
CARDINAL = (12, 3, 6, 9)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one eye.

    ``clock_hour`` is 1 to 12 as the examiner sees it, ``quadrant`` for example ``superotemporal`` (on lids and
    sections a third), ``zone`` a code of the canvas; ``size`` is in ``unit``. What does not apply is None. The words
    are the whole finding on one line.
    """

    code: str
    canvas: str
    eye: Eye
    clock_hour: int | None
    zone: str | None
    quadrant: str | None
    size: float | None
    unit: str
    grade: float | None
    count: int | None
    snomed: str
    words_en: str
    words_zh: str

    def words(self, language: str) -> str:
        """The line in a language."""
        return self.words_zh if language == "zh" else self.words_en


def findings(drawing: Drawing) -> list[Finding]:
    """Every doodle as a finding, in the order drawn; free strokes say nothing."""
    known = canvas(drawing.canvas)
    if known is None:
        return []
    signs = ((known.sign(one.code), one) for one in drawing.doodles)
    return [_finding(known, drawing.eye, sign, one) for sign, one in signs if sign]


def text(drawing: Drawing, language: Language) -> str:
    """All of a drawing on one line, the note last."""
    said = [one.words(language) for one in findings(drawing)]
    pieces = phrases()
    if drawing.strokes:
        said.append(pieces.strokes.in_language(language))
    if drawing.note:
        said.append(" ".join(drawing.note.split()))
    return ("；" if language == "zh" else "; ").join(said) or pieces.nothing.in_language(language)


def measured(known: Canvas, sign: Sign, size: float) -> float | None:
    """The size in the sign's unit, to one place or, for a ratio, to two; None where no size is told."""
    if not known.unit(sign):
        return None
    steps = 100 if sign.unit else 10
    return math.floor(size * known.scale.per_unit * steps + 0.5 + 1e-9) / steps


def _finding(known: Canvas, eye: Eye, sign: Sign, one: Doodle) -> Finding:
    where = Position(None, None, None, 0) if sign.whole else position(known, eye, one.x, one.y)
    return Finding(
        code=sign.code,
        canvas=known.code,
        eye=eye,
        clock_hour=where.hour,
        zone=where.zone.code if where.zone else None,
        quadrant=where.region,
        size=measured(known, sign, one.size),
        unit=known.unit(sign),
        grade=one.grade,
        count=one.count,
        snomed=sign.snomed,
        words_en=_line(known, sign, one, where, "en"),
        words_zh=_line(known, sign, one, where, "zh"),
    )


def _line(known: Canvas, sign: Sign, one: Doodle, where: Position, language: Language) -> str:
    pieces = phrases()
    parts = [
        sign.words.in_language(language),
        pieces.hour.in_language(language).format(hour=where.hour) if where.hour else "",
        where.zone.words.in_language(language) if where.zone else "",
        pieces.regions[where.region].in_language(language) if where.region and where.hour not in CARDINAL else "",
        _size(known, sign, one, pieces, language),
        _grade(sign, one, pieces, language),
        pieces.count.in_language(language).format(count=one.count) if one.count else "",
    ]
    return pieces.separator.in_language(language).join(part for part in parts if part)


def _size(known: Canvas, sign: Sign, one: Doodle, pieces: Phrases, language: Language) -> str:
    size, unit = measured(known, sign, one.size), known.unit(sign)
    phrase = pieces.ratio if unit == "C/D" else pieces.size
    return "" if size is None else phrase.in_language(language).format(size=f"{size:g}", unit=unit)


def _grade(sign: Sign, one: Doodle, pieces: Phrases, language: Language) -> str:
    if one.grade is None or sign.grade is None:
        return ""
    phrase = pieces.scaled if sign.grade.scale else pieces.grade
    return phrase.in_language(language).format(grade=f"{one.grade:g}", scale=sign.grade.scale)
