"""Templates of a visit: whole, in words, for every age."""

import pytest

from cloud.clinic.catalogue import registry
from cloud.clinic.choices import EpisodeKind

TEMPLATES = registry.templates()
ROUTINE = ("routine_child", "routine_young_adult", "routine_adult", "routine_senior")


def elements_of(code: str) -> list[str]:
    return [place.element for place in TEMPLATES[code].elements]


def mandatory_of(code: str) -> set[str]:
    return {place.element for place in TEMPLATES[code].elements if place.mandatory}


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_template_names_elements_that_exist_and_each_once(code: str):
    asked = elements_of(code)

    assert set(asked) <= set(registry.elements())
    assert len(set(asked)) == len(asked)
    assert TEMPLATES[code].title.en
    assert TEMPLATES[code].title.zh


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_visit_begins_with_its_reason_and_does_not_end_without_a_recall(code: str):
    assert elements_of(code)[0] == "reason"
    assert {"reason", "recall"} <= mandatory_of(code)


@pytest.mark.parametrize("code", sorted(set(TEMPLATES) - {"blank"}))
def test_sight_is_measured_at_every_visit(code: str):
    assert "visual_acuity" in mandatory_of(code)


@pytest.mark.parametrize("code", TEMPLATES)
def test_drops_stand_before_what_is_seen_through_a_wide_pupil(code: str):
    asked = elements_of(code)
    through = [asked.index(one) for one in ("posterior", "cycloplegic") if one in asked]

    assert "drops" not in asked or not through or asked.index("drops") < max(through)


@pytest.mark.parametrize("code", TEMPLATES)
def test_pupils_are_looked_at_before_drops(code: str):
    asked = elements_of(code)

    assert not {"pupils", "drops"} <= set(asked) or asked.index("pupils") < asked.index("drops")


@pytest.mark.parametrize("code", TEMPLATES)
def test_an_episode_is_of_a_kind_the_record_knows(code: str):
    assert TEMPLATES[code].episode in {kind.value for kind in EpisodeKind}


@pytest.mark.parametrize("years", [*range(0, 111), 150])
def test_every_age_has_one_routine_examination(years: int):
    assert len([one for one in registry.for_age(years) if one.code in ROUTINE]) == 1


def test_routine_examinations_are_offered_first_and_the_whole_list_last():
    offered = [one.code for one in registry.for_age(None)]

    assert offered[:4] == list(ROUTINE)
    assert offered[-1] == "blank"


def test_the_whole_list_is_whole():
    assert set(elements_of("blank")) == set(registry.elements())


def test_a_child_is_not_offered_a_glaucoma_review_and_a_senior_no_myopia_control():
    assert "glaucoma_review" not in [one.code for one in registry.for_age(8)]
    assert "myopia_control" not in [one.code for one in registry.for_age(70)]
