"""What every element type keeps to, whichever it is; a list of the fields that do not is empty."""

import re
from collections.abc import Iterator

import pytest

from cloud.clinic import values
from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Element, Field, Kind, Words

ELEMENTS = registry.elements()
CHOSEN = {Kind.CHOICE, Kind.CHOICES}
MEASURED = {Kind.NUMBER, Kind.POWER}
CANVASES = {"anterior", "cornea", "angle", "lens", "fundus", "disc", "lids"}
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

every = pytest.mark.parametrize("one", ELEMENTS.values(), ids=ELEMENTS)


def said_twice(words: Words | None) -> bool:
    return words is None or bool(words.en.strip() and words.zh.strip() and not CHINESE.search(words.en))


def fields(*kinds: Kind) -> Iterator[tuple[str, Field]]:
    for one in ELEMENTS.values():
        yield from ((f"{one.code}.{spec.code}", spec) for spec in one.fields if not kinds or spec.kind in kinds)


@every
def test_an_element_is_named_in_both_languages_under_a_known_heading(one: Element):
    assert (registry.HERE / "elements" / f"{one.code}.toml").is_file()
    assert CODE.fullmatch(one.code)
    assert one.group in registry.groups()
    assert said_twice(one.title)
    assert said_twice(one.hint)
    assert 1 <= one.repeats <= 99


@every
def test_fields_are_named_in_both_languages_and_differ(one: Element):
    assert len({spec.code for spec in one.fields}) == len(one.fields) > 0
    assert [spec.code for spec in one.fields if not CODE.fullmatch(spec.code)] == []
    assert [spec.code for spec in one.fields if not (said_twice(spec.title) and said_twice(spec.hint))] == []
    assert [spec.code for spec in one.fields if spec.eyes not in {"N", "B", "RL", "RLB"}] == []


@every
def test_choices_are_whole(one: Element):
    offered = [(spec.code, [option.code for option in spec.options]) for spec in one.fields if spec.kind in CHOSEN]
    options = [option for spec in one.fields for option in spec.options]

    assert [code for code, codes in offered if not len(set(codes)) == len(codes) > 1] == []
    assert [option.code for option in options if not (said_twice(option.words) and said_twice(option.hint))] == []
    assert [option.code for option in options if re.search(r"[\s,]", option.code)] == []


@every
def test_figures_have_limits_in_order_a_step_and_a_known_unit(one: Element):
    figures = [spec for spec in one.fields if spec.kind in MEASURED]
    ends = {spec.code: [spec.low, spec.ask_below, spec.ask_above, spec.high] for spec in figures}
    given = {code: [end for end in four if end is not None] for code, four in ends.items()}

    assert [spec.code for spec in figures if None in (spec.low, spec.high, spec.step)] == []
    assert [code for code, found in given.items() if sorted(set(found)) != found] == []
    assert {spec.unit for spec in one.fields} <= {"", *registry.units()}


@every
def test_a_normal_is_something_the_field_can_hold(one: Element):
    normal = {spec.code: spec.normal for spec in one.fields if spec.normal}
    held = {code: values.read(registry.field(one.code, code), text) for code, text in normal.items()}

    assert {code: found.code or ",".join(found.structure) for code, found in held.items()} == normal


def test_only_what_is_chosen_has_choices_only_what_is_measured_has_limits():
    plain = [(code, spec) for code, spec in fields() if spec.kind not in CHOSEN | MEASURED]

    assert [code for code, spec in fields() if spec.options and spec.kind not in CHOSEN] == []
    assert [code for code, spec in plain if (spec.low, spec.high, spec.step) != (None, None, None)] == []


def test_only_what_was_chosen_or_asked_can_be_written_normal():
    assert {spec.kind for _, spec in fields() if spec.normal} == {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}


def test_what_all_normal_writes_into_a_list_stands_there_alone():
    chosen = [(code, spec.option(spec.normal)) for code, spec in fields(Kind.CHOICES) if spec.normal]

    assert [code for code, option in chosen if option is None or not option.alone] == []
    assert [code for code, spec in fields(Kind.CHOICE) if any(option.alone for option in spec.options)] == []


def test_a_drawing_has_its_canvas_and_a_code_its_list():
    assert {spec.canvas for _, spec in fields(Kind.DRAWING)} == CANVASES
    assert [code for code, spec in fields() if spec.canvas and spec.kind is not Kind.DRAWING] == []
    assert [code for code, spec in fields(Kind.CODE) if registry.codes(spec.system).system != spec.system] == []


def test_the_same_power_has_the_same_limits_wherever_it_is_written():
    """V-03 of the rules: nothing beyond 45 and 25, a question beyond 20 and 8."""
    refractions = {one.code for one in ELEMENTS.values() if one.layout == "eye_rows" and one.group != "contact_lens"}
    limits = {
        (spec.code, spec.low, spec.high, spec.ask_below, spec.ask_above, spec.step)
        for code, spec in fields(*MEASURED)
        if code.split(".")[0] in refractions and spec.code in {"sphere", "cylinder", "add", "vertex"}
    }

    assert len(limits) == 4


def test_a_grade_is_described_and_its_scale_has_a_source():
    described = [(code, spec) for code, spec in fields(Kind.CHOICE) if any(option.hint for option in spec.options)]

    assert len(described) > 30
    assert [code for code, spec in described if not re.search(r"\d{4}", spec.scale)] == []


def test_no_heading_is_empty():
    assert {one.group for one in ELEMENTS.values()} == set(registry.groups())


def test_sections_that_are_looked_at_can_be_written_normal_at_once():
    looked_at = ("anterior", "posterior", "gonioscopy", "pupils", "motility", "confrontation", "amsler")
    assert [code for code in looked_at if not ELEMENTS[code].has_normals] == []


def test_a_grade_is_not_written_normal_beside_a_finding_that_says_otherwise():
    """Redness found and grade 0 in one record would be a lie made by a button."""
    graded = {"bulbar_redness", "staining", "cells", "flare", "mgd_grade", "van_herick_temporal"}
    assert [spec.code for spec in ELEMENTS["anterior"].fields if spec.code in graded and spec.normal] == []


def test_none_known_is_said_by_a_person_not_by_all_normal():
    asked = [registry.field(code, "none_known") for code in ("ocular_history", "medical_history", "family_history")]
    assert [(spec.kind, spec.normal) for spec in asked] == [(Kind.YES_NO, "")] * 3


@pytest.mark.parametrize(
    "place",
    [
        "posterior.cup_disc",
        "posterior.dr_grade",
        "posterior.periphery",
        "iop.iop",
        "colour.result",
        "tear_film.meibography_upper",
        "topography_summary.suspicion",
        "cover_test.distance",
        "cl_fit.rotation_direction",
        "circumstances.safeguarding",
        "circumstances.capacity",
    ],
)
def test_what_was_measured_judged_or_perhaps_not_looked_at_is_never_written_by_all_normal(place: str):
    assert registry.field(*place.split(".")).normal == ""
