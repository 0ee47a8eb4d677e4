"""How people write visual acuity: one entry in, its parts out. No number is converted here."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cloud.optics.words import Words

# fmt: off
Notation = Literal[
    "five_mark", "decimal", "logmar", "snellen_m", "snellen_ft", "etdrs",
    "cpd", "near_n", "near_m", "jaeger", "low", "unable",
]
# fmt: on


class Unreadable(ValueError):
    """An entry that is no acuity; ``words`` say what is wrong in the user's language."""

    def __init__(self, text: str, words: Words) -> None:
        super().__init__(f"{text!r}: {words.en}")
        self.words = words


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of an entry; ``number`` is what the label says (a Snellen fraction divided out)."""

    notation: Notation
    line: str
    number: Decimal | None = None
    letters: int = 0
    distance_m: Decimal | None = None
    projection: tuple[str, ...] | None = None


NOT_READ = Words(
    "This is not an acuity we can read. Write it like 4.9-2, 0.8, 6/9.5, 20/25+2, 0.10 logMAR, 85 letters, CF 1 m.",
    "无法识别该视力值。请按以下方式书写：4.9-2、0.8、6/9.5、20/25+2、0.10 logMAR、85 letters、CF 1 m。",
)
NEITHER = Words(
    "This number fits no acuity scale: five-mark runs from 3.0 to 5.3, decimal from 0.01 to 2.5, ETDRS to 100 letters.",
    "该数值不属于任何视力记录法：五分记录 3.0–5.3，小数记录 0.01–2.5，ETDRS 不超过 100 字母。",
)
BAD_FRACTION = Words(
    "A Snellen fraction has a test distance of 0.25 to 6 metres or 1 to 20 feet above its line.",
    "Snellen 分数的分子为检查距离：0.25–6 米或 1–20 英尺。",
)
BAD_DISTANCE = Words("The test distance has to lie between 0.1 and 10 metres.", "检查距离应在 0.1 至 10 米之间。")
NO_MOVING = Words(
    "A moved distance cannot be taken into this notation: give the line that was read and its own distance.",
    "该记录法不能再换算检查距离：请填写所读视标行及其对应距离。",
)

_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_UNIT = r"mm|cm|m|米|厘米|公分|ft|feet|foot|'|英尺"
_AT = re.compile(rf"(?:@|\bat\b|/|距离)?\s*(?P<much>{_NUMBER})\s*(?P<unit>{_UNIT})$", re.IGNORECASE)
_MOVED = re.compile(rf"(?:@|\bat\b|距离)\s*(?P<much>{_NUMBER})\s*(?P<unit>{_UNIT})$", re.IGNORECASE)
_METRES = {"mm": "0.001", "cm": "0.01", "厘米": "0.01", "公分": "0.01", "m": "1", "米": "1"}
_FOOT = "0.3048"

_LOW = (
    ("NLP", re.compile(r"^(?:nlp|npl|no light perception|no perception of light|无光感)", re.IGNORECASE)),
    ("LP", re.compile(r"^(?:lp|pl|light perception|perception of light|光感)", re.IGNORECASE)),
    ("HM", re.compile(r"^(?:hm|hand (?:motion|movements?)|手动)", re.IGNORECASE)),
    ("CF", re.compile(r"^(?:cf|fc|counting fingers|count fingers|finger counting|指数|数指)", re.IGNORECASE)),
)
_UNABLE = re.compile(r"^(?:unable|cannot be tested|not possible|无法检查|不能配合|不配合|查不出)$", re.IGNORECASE)
QUADRANTS = ("ST", "SN", "IT", "IN")
_PROJECTION = re.compile(r"\b(?:ST|SN|IT|IN)\b", re.IGNORECASE)
_ALL_SEEN = re.compile(r"^(?:full|good|accurate|准确|准|定位准)$", re.IGNORECASE)
_NONE_SEEN = re.compile(r"^(?:no|none|poor|inaccurate|without|不准|定位不准)$", re.IGNORECASE)

_LETTERS = r"(?:\s*\(?\s*(?P<letters>[+-]\s*[1-9])\s*\)?)?"
_SNELLEN = re.compile(rf"^(?P<above>{_NUMBER})\s*/\s*(?P<below>{_NUMBER}){_LETTERS}$")
_ETDRS = re.compile(r"^(?:etdrs\s*)?(?P<count>\d{1,3})\s*(?:etdrs(?:\s*letters)?|letters?|l|字母)$", re.IGNORECASE)
_ETDRS_FIRST = re.compile(r"^etdrs\s*(?P<count>\d{1,3})$", re.IGNORECASE)
_LOGMAR = re.compile(
    rf"^(?P<value>[+-]?\s*(?:{_NUMBER})){_LETTERS}\s*logmar$|^logmar\s*(?P<after>[+-]?(?:{_NUMBER}))$", re.IGNORECASE
)
_CPD = re.compile(rf"^(?P<value>{_NUMBER})\s*(?:cpd|c/deg|cycles?/degree|周/度)$", re.IGNORECASE)
_NEAR_N = re.compile(r"^n\s*\.?\s*(?P<points>\d+(?:\.\d+)?)$", re.IGNORECASE)
_NEAR_M = re.compile(rf"^(?P<size>{_NUMBER})\s*M$")
_JAEGER = re.compile(r"^j(?:aeger)?\s*(?P<code>\d{1,2}\+?)$", re.IGNORECASE)
_BARE = re.compile(rf"^(?P<sign>[+-]?)\s*(?P<value>{_NUMBER}){_LETTERS}$")

_FEET_FROM = Decimal(7)
MOST_LOGMAR = Decimal(2)
_REACH_FT = Decimal(20)


def parse(text: str, hint: Notation | None) -> Entry:
    """The parts of an entry. Raises Unreadable."""
    plain = " ".join(text.replace("−", "-").replace("–", "-").replace("，", ",").replace("／", "/").split())
    if not plain:
        raise Unreadable(text, NOT_READ)
    for reading in (_unable, _low, _unit_named, _snellen):
        if found := reading(plain, text):
            return found
    return _bare(plain, text, hint)


def _unable(plain: str, _text: str) -> Entry | None:
    return Entry("unable", "unable") if _UNABLE.match(plain) else None


def _low(plain: str, text: str) -> Entry | None:
    for code, pattern in _LOW:
        if match := pattern.match(plain):
            return _below_chart(code, plain[match.end() :].strip(), text)
    return None


def _below_chart(code: str, rest: str, text: str) -> Entry:
    """Counting fingers and hand movements may have a distance, light perception a projection."""
    if not rest:
        return Entry("low", code)
    if code in ("CF", "HM") and (match := _AT.fullmatch(rest)):
        return Entry("low", code, distance_m=_metres(match, text))
    if code == "LP":
        return Entry("low", code, projection=_projection(rest, text))
    raise Unreadable(text, NOT_READ)


def _projection(rest: str, text: str) -> tuple[str, ...]:
    words = re.sub(r"[(),;:]|\b(?:with|projection|of light)\b|光定位|定位", " ", rest, flags=re.IGNORECASE).split()
    said = " ".join(words)
    if _ALL_SEEN.match(said) or (not words):
        return QUADRANTS
    if _NONE_SEEN.match(said):
        return ()
    seen = {word.upper() for word in words}
    if not seen <= set(QUADRANTS):
        raise Unreadable(text, NOT_READ)
    return tuple(quadrant for quadrant in QUADRANTS if quadrant in seen)


def _unit_named(plain: str, text: str) -> Entry | None:
    """Entries that say what they are: logMAR, letters, cycles per degree, near print."""
    body, distance = _without_distance(plain, text)
    if match := _ETDRS.match(body) or _ETDRS_FIRST.match(body):
        return _etdrs(match["count"], text, distance)
    if match := _LOGMAR.match(body):
        value = (match["value"] or match["after"]).replace(" ", "")
        return _logmar(value, _count(match["letters"]), text, distance)
    if match := _CPD.match(body):
        return _whole("cpd", body, match["value"], text, distance)
    return _near(body, distance, text)


def _near(body: str, distance: Decimal | None, text: str) -> Entry | None:
    if match := _NEAR_N.match(body):
        return _positive(Entry("near_n", f"N{match['points']}", Decimal(match["points"]), 0, distance), text)
    if match := _NEAR_M.match(body):
        return _positive(Entry("near_m", f"{match['size']}M", Decimal(match["size"]), 0, distance), text)
    if match := _JAEGER.match(body):
        return Entry("jaeger", f"J{match['code']}", None, 0, distance)
    return None


def _snellen(plain: str, text: str) -> Entry | None:
    match = _SNELLEN.match(plain)
    if match is None:
        return None
    above, below = Decimal(match["above"]), Decimal(match["below"])
    if not Decimal("0.25") <= above <= _REACH_FT or not 0 < below <= 10000:
        raise Unreadable(text, BAD_FRACTION)
    notation: Notation = "snellen_ft" if above >= _FEET_FROM else "snellen_m"
    return Entry(notation, f"{match['above']}/{match['below']}", above / below, _count(match["letters"]))


def _bare(plain: str, text: str, hint: Notation | None) -> Entry:
    """A number alone: what the hint says if it can be that, else the only scale it fits."""
    body, distance = _without_distance(plain, text)
    match = _BARE.match(body)
    if match is None:
        raise Unreadable(text, NOT_READ)
    value, letters = Decimal(match["value"]), _count(match["letters"])
    if match["sign"] or (hint == "logmar" and value <= MOST_LOGMAR):
        return _logmar(match["sign"] + match["value"], letters, text, distance)
    if (hint == "etdrs" or value >= 10) and "." not in match["value"] and not letters:
        return _etdrs(match["value"], text, distance)
    if Decimal(3) <= value <= Decimal("5.3"):
        return Entry("five_mark", match["value"], value, letters, distance)
    if Decimal("0.01") <= value <= Decimal("2.5"):
        return Entry("decimal", match["value"], value, letters, distance)
    raise Unreadable(text, NEITHER)


def _logmar(value: str, letters: int, text: str, distance: Decimal | None) -> Entry:
    number = Decimal(value)
    if not Decimal("-0.5") <= number <= MOST_LOGMAR:
        raise Unreadable(text, NEITHER)
    return Entry("logmar", value, number, letters, distance)


def _etdrs(count: str, text: str, distance: Decimal | None) -> Entry:
    return _whole("etdrs", count, count, text, distance, most=Decimal(100))


def _whole(
    notation: Notation, line: str, value: str, text: str, distance: Decimal | None, most: Decimal = Decimal(60)
) -> Entry:
    if distance is not None:
        raise Unreadable(text, NO_MOVING)
    number = Decimal(value)
    if number > most or (notation == "etdrs" and number != int(number)):
        raise Unreadable(text, NEITHER)
    entry = Entry(notation, line, number)
    return entry if notation == "etdrs" else _positive(entry, text)


def _positive(entry: Entry, text: str) -> Entry:
    if not entry.number:
        raise Unreadable(text, NEITHER)
    return entry


def _without_distance(plain: str, text: str) -> tuple[str, Decimal | None]:
    match = _MOVED.search(plain)
    if match is None:
        return plain, None
    return plain[: match.start()].strip(), _metres(match, text)


def _metres(match: re.Match[str], text: str) -> Decimal:
    found = Decimal(match["much"]) * Decimal(_METRES.get(match["unit"].lower(), _FOOT))
    if not Decimal("0.1") <= found <= 10:
        raise Unreadable(text, BAD_DISTANCE)
    return found


def _count(letters: str | None) -> int:
    return int(letters.replace(" ", "")) if letters else 0
