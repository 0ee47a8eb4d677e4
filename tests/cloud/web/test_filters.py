from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import g, render_template_string

from cloud.web import Frame, Notation
from protocols.readings import PrismComponent

NOON = datetime(2026, 11, 21, 16, 3, 22, tzinfo=UTC)
ABSENT = (
    '<span class="absent"><span aria-hidden="true">–</span><span class="visually-hidden">not measured</span></span>'
)


def shown(template, **values):
    return render_template_string(template, **values)


@pytest.mark.parametrize(
    "written",
    ["none|sphere", "nothing|cylinder", "none|axis", "none|iop", "none|prism", "none|when", "nothing|dioptres"],
)
def test_what_was_not_measured_is_a_mark_and_says_so(page, written):
    assert shown("{{ " + written + " }}") == ABSENT


def test_the_chain_decides_about_plano_and_bases(page):
    prism = PrismComponent(power="1.50", base="in")
    assert shown("{{ '0'|sphere }} {{ '0'|cylinder }} {{ p|prism }}", p=prism) == "plano DS 1.50 base in"

    g.web_frame = Frame(notation=Notation(plano=False, ds=False, base="letter"))
    assert shown("{{ '0'|sphere }} {{ '0'|cylinder }} {{ p|prism }}", p=prism) == "0.00 0.00 1.50 BI"


def test_times_are_those_of_the_store(page):
    assert shown("{{ t|when }}", t=NOON) == "22 Nov 2026 00:03"
    assert shown("{{ t|clock('Europe/Berlin', 'second') }}", t=NOON) == "17:03:22"
    assert shown("{{ t|day }}", t=date(2026, 1, 2)) == "2 Jan 2026"


def test_chinese_dates_are_chinese(page):
    g.web_language = "zh"

    assert shown("{{ t|when }}", t=NOON) == "2026年11月22日 00:03"


def test_a_time_without_a_zone_is_refused(page):
    with pytest.raises(ValueError, match="without a zone"):
        shown("{{ t|when }}", t=datetime(2026, 11, 21))


@pytest.mark.parametrize(
    ("family", "given", "language", "name"),
    [
        ("欧阳", "明月", "en", "欧阳明月"),
        ("Hartmann", "Clara", "en", "Clara Hartmann"),
        ("Hartmann", "Clara", "zh", "Hartmann Clara"),
        ("Hartmann", "", "en", "Hartmann"),
    ],
)
def test_chinese_puts_the_family_name_first(page, family, given, language, name):
    g.web_language = language

    assert shown("{{ p|person_name }}", p=SimpleNamespace(family_name=family, given_name=given)) == name


@pytest.mark.parametrize(("today", "years"), [(date(2026, 3, 8), 64), (date(2026, 3, 9), 65)])
def test_age_counts_birthdays(page, today, years):
    assert shown("{{ born|age(today) }}", born=date(1961, 3, 9), today=today) == str(years)


def test_columns_stand_on_their_decimal_point(page):
    assert shown("{{ '21.5'|aligned }}") == "21.5"
    assert shown("{{ '15'|aligned }}") == '15<span class="pad" aria-hidden="true">.0</span>'
    assert shown("{{ '1.5'|aligned(2) }}") == '1.5<span class="pad" aria-hidden="true">0</span>'
    assert shown("{{ none|aligned }}") == ABSENT


def test_bytes_are_shown_by_offset_value_and_letter(page):
    lines = shown("{{ b|hex_lines|join('|') }}", b=b"\x02R S-01.25 C-00.50 A").split("|")

    assert lines == [
        "0000  02 52 20 53 2d 30 31 2e 32 35 20 43 2d 30 30 2e  ·R S-01.25 C-00.",
        "0010  35 30 20 41                                      50 A",
    ]


def test_bytes_are_shown_as_text_with_control_characters_by_name(page):
    lines = shown("{{ b|text_lines|join('|') }}", b=b"\x01DRM\x02OR-01.25\x17\r\nname \x8e\x04end")

    assert lines == "&lt;SOH&gt;DRM&lt;STX&gt;OR-01.25&lt;ETB&gt;|&lt;CR&gt;&lt;LF&gt;|name \\x8e&lt;EOT&gt;|end"
