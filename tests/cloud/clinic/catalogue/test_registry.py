"""Asking the catalogue for what it has not."""

import pytest

from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Element


@pytest.mark.parametrize("code", ["", "horoscope", "../manifest"])
def test_an_unknown_element_says_so(code: str):
    with pytest.raises(registry.NoSuchElement):
        registry.element(code)


def test_an_unknown_field_says_so():
    with pytest.raises(registry.NoSuchElement, match=r"manifest\.colour"):
        registry.field("manifest", "colour")


def test_a_field_names_a_shared_list_and_gets_its_choices():
    sides = [option.code for option in registry.field("drops", "eye").options]

    assert sides == ["R", "L", "B"]
    assert registry.field("drops", "eye").option("R").snomed == "362502000"
    assert registry.field("drops", "eye").option("X") is None


def test_figures_are_exact():
    assert str(registry.field("manifest", "sphere").step) == "0.25"
    assert str(registry.field("aca", "gradient").step) == "0.1"


def test_a_file_that_does_not_fit_is_refused_by_name(tmp_path, monkeypatch):
    (tmp_path / "elements").mkdir()
    (tmp_path / "elements" / "wrong.toml").write_text('code = "wrong"\nmystery = 1\n')
    monkeypatch.setattr(registry, "HERE", tmp_path)

    with pytest.raises(ValueError, match=r"wrong\.toml"):
        list(registry._read_all("elements", Element))


def test_a_list_nobody_wrote_is_refused_by_name(tmp_path, monkeypatch):
    (tmp_path / "elements").mkdir()
    field = 'code = "a"\nkind = "choice"\ntitle = { en = "A", zh = "甲" }\noptions = "unheard_of"\n'
    (tmp_path / "elements" / "wrong.toml").write_text(f'code = "wrong"\n[[fields]]\n{field}')
    monkeypatch.setattr(registry, "HERE", tmp_path)

    with pytest.raises(ValueError, match=r"wrong\.toml.*unheard_of"):
        list(registry._read_all("elements", Element))
