"""Visual acuity: every notation read, placed and shown; the lines by table, the rest by formula."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.optics import charts
from cloud.optics.acuity import NOTATIONS, Unreadable, read, shown
from cloud.optics.exact import rounded

D = Decimal

# 5-mark, decimal, logMAR, metres, feet, ETDRS letters, base value
LINES = """
4.0 0.1 1.0 6/60 20/200 35 60
4.1 0.12 0.9 6/48 20/160 40 65
4.2 0.15 0.8 6/38 20/125 45 70
4.3 0.2 0.7 6/30 20/100 50 75
4.4 0.25 0.6 6/24 20/80 55 80
4.5 0.3 0.5 6/19 20/63 60 85
4.6 0.4 0.4 6/15 20/50 65 90
4.7 0.5 0.3 6/12 20/40 70 95
4.8 0.6 0.2 6/9.5 20/32 75 100
4.9 0.8 0.1 6/7.5 20/25 80 105
5.0 1.0 0.0 6/6 20/20 85 110
5.1 1.2 -0.1 6/4.8 20/16 90 115
5.2 1.5 -0.2 6/3.8 20/12.5 95 120
5.3 2.0 -0.3 6/3 20/10 100 125
"""
TABLE = [line.split() for line in LINES.split("\n") if line]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_every_line_in_every_notation_is_one_acuity(row: list[str]) -> None:
    five, decimal, logmar, metres, feet, letters, base = row
    entries = [five, decimal, f"{logmar} logMAR", metres, feet, f"{letters} letters"]
    found = [read(entry) for entry in entries]
    assert [acuity.logmar for acuity in found] == [D(logmar)] * 6
    assert [acuity.base for acuity in found] == [D(base)] * 6
    assert [acuity.etdrs for acuity in found] == [D(letters)] * 6
    written = [five, decimal, rounded(D(logmar), 2), metres, feet, letters]
    assert [shown(found[0], notation) for notation in ("five_mark", "decimal")] == [five, decimal]
    for acuity in found[3:]:
        texts = [shown(acuity, n) for n in ("five_mark", "decimal", "logmar", "snellen_m", "snellen_ft", "etdrs")]
        assert texts == [str(text).replace("-", "−") for text in written]


@pytest.mark.parametrize(
    ("entry", "logmar", "base"),
    [
        ("6/18", "0.48", 86),
        ("20/60", "0.48", 86),
        ("6/9", "0.18", 101),
        ("6/5", "-0.08", 114),
        ("1/60", "1.78", 21),
        ("2/60", "1.48", 36),
        ("3/60", "1.30", 45),
        ("6/9.5 -2", "0.24", 98),
        ("6/9.5 −2", "0.24", 98),
        ("6/9.5-2", "0.24", 98),
        ("6/9.5 (-2)", "0.24", 98),
        ("0.8+1", "0.08", 106),
        ("4.9-2", "0.14", 103),
        ("20/25+2", "0.06", 107),
        ("4.0 @ 1 m", "1.70", 25),
        ("4.5@3m", "0.72", 74),
        ("5/8", "0.20", 100),
        ("4/12.5", "0.50", 85),
        ("6/37.5", "0.80", 70),
        ("0.63", "0.20", 100),
        ("-0.1", "-0.10", 115),
        ("+0.3", "0.30", 95),
        ("15 cpd", "0.30", 95),
        ("N8 @ 40 cm", "0.40", 90),
        ("0.4M @ 40 cm", "0.00", 110),
        ("ETDRS 70", "0.30", 95),
        ("85 字母", "0.00", 110),
    ],
)
def test_worked_entries(entry: str, logmar: str, base: int) -> None:
    found = read(entry)
    assert found.entered == entry
    assert found.logmar is not None
    assert found.base is not None
    assert (str(rounded(found.logmar, 2)), rounded(found.base, 0)) == (logmar, base)


def test_six_eighteenths_reads_in_every_notation() -> None:
    found = read("6/18")
    assert [shown(found, notation) for notation in NOTATIONS] == ["4.52", "0.33", "0.48", "6/18", "20/60", "61"]


def test_two_thirds_with_letters_keeps_its_letters() -> None:
    assert [shown(read("6/9 -2"), notation) for notation in ("snellen_ft", "decimal")] == ["20/30 −2", "0.67 −2"]


def test_a_moved_chart_is_worth_less() -> None:
    assert (shown(read("4.0 @1m"), "five_mark"), shown(read("4.5@3m"), "five_mark")) == ("3.30", "4.28")
    assert read("4.0@5m").logmar == 1


def test_below_the_chart_has_a_rank_and_no_number() -> None:
    found = [read(entry) for entry in ("CF 1 m", "指数/30cm", "HM", "LP ST IN", "NLP")]
    assert [(a.low_vision, a.base, a.logmar) for a in found] == [
        ("CF", 4, None), ("CF", 4, None), ("HM", 3, None), ("LP", 2, None), ("NLP", 1, None),
    ]  # fmt: skip
    assert [a.distance_m for a in found] == [1, D("0.30"), None, None, None]
    assert [a.projection for a in found] == [None, None, None, ("ST", "IN"), None]
    assert [shown(a, "decimal") for a in found] == ["CF 1 m", "CF 0.3 m", "HM", "LP (ST, IN)", "NLP"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [("CF 2 ft", "CF"), ("fc", "CF"), ("hand movements 30 cm", "HM"), ("手动/20cm", "HM"), ("PL", "LP"), ("光感", "LP"),
     ("NPL", "NLP"), ("无光感", "NLP"), ("no light perception", "NLP")],
)  # fmt: skip
def test_names_of_low_vision(entry: str, code: str) -> None:
    assert read(entry).low_vision == code


@pytest.mark.parametrize(
    ("entry", "seen"),
    [("LP projection accurate", ("ST", "SN", "IT", "IN")), ("光感 定位准", ("ST", "SN", "IT", "IN")), ("LP poor", ()),
     ("LP, projection SN", ("SN",))],
)  # fmt: skip
def test_projection_of_light(entry: str, seen: tuple[str, ...]) -> None:
    assert read(entry).projection == seen


def test_unable_is_no_number_and_no_rank() -> None:
    assert [(read(e).notation, read(e).base) for e in ("unable", "不配合")] == [("unable", None)] * 2


def test_jaeger_and_print_without_distance_stay_text() -> None:
    assert [(read(e).notation, read(e).line, read(e).logmar) for e in ("J2", "J1+", "N5", "0.4M")] == [
        ("jaeger", "J2", None), ("jaeger", "J1+", None), ("near_n", "N5", None), ("near_m", "0.4M", None),
    ]  # fmt: skip


def test_a_hint_decides_only_what_is_open() -> None:
    found = [read("0.1"), read("0.1", "logmar"), read("4.9", "decimal"), read("85", "etdrs"), read("6/6", "logmar")]
    assert [(a.notation, a.logmar) for a in found] == [
        ("decimal", 1), ("logmar", D("0.1")), ("five_mark", D("0.1")), ("etdrs", 0), ("snellen_m", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "entry",
    ["", "foo", "7", "300", "6/0", "0/6", "0", "4.0 @ 20 m", "6/6 @ 3 m @", "LP QX", "101 letters", "0 cpd", "N0",
     "CF far", "9.9 logMAR", "4.9-2-1", "1" * 400, "\x00", "70 letters @ 1 m"],
)  # fmt: skip
def test_what_is_no_acuity_is_refused_in_words(entry: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(entry)
    assert all(refused.value.words.spoken(language) for language in ("en", "zh"))


@given(st.text(max_size=12))
def test_any_text_is_an_acuity_or_unreadable(text: str) -> None:
    try:
        found = read(text)
    except Unreadable as refused:
        found = None
        assert refused.words.en
    assert found is None or found.entered == text


LINE = st.sampled_from(charts.lines())
LETTERS = st.integers(-2, 2)


@given(LINE, LETTERS, st.sampled_from(["five_mark", "decimal", "snellen_m", "snellen_ft"]), st.sampled_from(NOTATIONS))
def test_shown_in_another_notation_is_the_same_acuity(line: charts.Line, letters: int, first, other) -> None:  # type: ignore[no-untyped-def]
    found = read(f"{getattr(line, first)}{letters:+d}" if letters else getattr(line, first))
    assert read(shown(found, other), other).logmar == found.logmar


@given(LINE, LETTERS, LINE, LETTERS)
def test_a_better_line_never_has_a_lower_base(one: charts.Line, more: int, two: charts.Line, less: int) -> None:
    first, second = (read(f"{a.snellen_m} {b:+d}" if b else a.snellen_m) for a, b in ((one, more), (two, less)))
    assert first.logmar is not None and second.logmar is not None and first.base is not None and second.base is not None
    assert (first.logmar < second.logmar) == (first.base > second.base)


@given(st.integers(100, 2500), st.integers(100, 2500))
def test_a_larger_decimal_is_never_a_worse_acuity(one: int, two: int) -> None:
    low, high = (read(str(D(number) / 1000)).logmar for number in sorted((one, two)))
    assert low is not None and high is not None
    assert low >= high
