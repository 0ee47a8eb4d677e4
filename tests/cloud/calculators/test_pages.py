"""Every calculator's page, with its worked examples, hostile input, and the chain's switches."""

import html
import re

import pytest
from sqlalchemy import event, select

from cloud.calculators import queries, services
from cloud.calculators.choices import Kind
from cloud.calculators.errors import NoSuchTable
from cloud.calculators.models import Choice
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.optics import equivalent, iol, keratometry, reference, registry
from cloud.optics.reference import NoSuchEdition
from cloud.optics.refraction import read
from cloud.optics.registry import NoSuchRule

HOSTILE = "<script>alert(1)</script>"


def text_of(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def test_every_worked_number_stands_on_its_page_with_its_rule(sign_in, world, engine):
    with unit_of_work(engine, world.one) as session:
        for rule_id in ("b.12.srk_t", "b.12.haigis"):
            services.switch(session, rule_id=rule_id, on=True, by=world.olivia.id)
    browser, wrong = sign_in(world.alice), []
    for rule_id, rule in registry.calculators().items():
        for example in rule.entry.examples:
            answer = browser.get(f"/calculators/{rule_id}", query_string=dict(example.given))
            page = text_of(answer)
            said = [*example.shows.values(), f"Calculated: {rule_id}", f"version {rule.version}"]
            wrong += [(rule_id, example.given, one) for one in said if one not in page or answer.status_code != 200]
    assert wrong == []


def test_a_page_speaks_chinese(sign_in, world):
    browser = sign_in(world.alice)
    browser.set_cookie("language", "zh")
    page = browser.get("/calculators/b.16.sheard?phoria=-10&reserve=12").text
    assert "Sheard 准则" in page
    assert "底向内" in page


def test_hostile_values_are_refused_beside_their_fields(sign_in, world):
    browser, wrong = sign_in(world.olivia), []
    for rule_id, rule in registry.calculators().items():
        if not rule.entry.starts_on:
            browser.post(f"/calculators/{rule_id}/switch", data={"on": "yes"})
        answer = browser.get(f"/calculators/{rule_id}", query_string=dict.fromkeys(rule.takes, HOSTILE))
        marked = answer.text.count('class="field-error"') == len(rule.takes)
        if (answer.status_code, HOSTILE in answer.text, marked) != (422, False, True):
            wrong.append(rule_id)
    assert wrong == []


def test_an_empty_form_says_what_to_do_and_complains_of_nothing(sign_in, world):
    answer = sign_in(world.alice).get("/calculators/b.4.at_cornea")
    assert (answer.status_code, "field-error" in answer.text) == (200, False)
    assert "Fill in the form" in answer.text


def test_what_does_not_exist_is_not_found(sign_in, world):
    browser = sign_in(world.olivia)
    found = [browser.get(f"/calculators/{there}").status_code for there in ("b.99.none", "tables/none")]
    posted = [
        browser.post(f"/calculators/{there}").status_code
        for there in ("b.99.none/switch", "tables/none/choose", "tables/al_cr/choose")
    ]
    assert (found, posted) == ([404, 404], [404, 404, 404])


def test_a_search_finds_by_any_word_in_any_language(sign_in, world):
    browser = sign_in(world.alice)
    asked = {
        "sheard": "b.16.sheard",
        "处方转换": "b.1.transposition",
        "thibos mean": "b.3.mean",
        "B.7.TILT": "b.7.tilt",
    }
    for words, rule_id in asked.items():
        page = browser.get("/calculators", query_string={"q": words}).text
        assert f'/calculators/{rule_id}"' in page
    assert "No calculator found" in browser.get("/calculators", query_string={"q": HOSTILE}).text


def test_the_list_asks_no_more_queries_for_many_choices_than_for_one(sign_in, world, engine, app):
    def queries_of_the_list() -> int:
        seen: list[str] = []
        listen = lambda *parts: seen.append(parts[2])  # noqa: E731
        event.listen(app.extensions["emmetra.engine"], "before_cursor_execute", listen)
        sign_in(world.alice).get("/calculators")
        event.remove(app.extensions["emmetra.engine"], "before_cursor_execute", listen)
        return len(seen)

    switch(engine, world, "b.1.transposition", False)
    one = queries_of_the_list()
    for rule_id in ("b.3.mean", "b.6.prentice"):
        switch(engine, world, rule_id, False)
    assert queries_of_the_list() == one


def switch(engine, world, rule_id: str, on: bool) -> None:
    with unit_of_work(engine, world.one) as session:
        services.switch(session, rule_id=rule_id, on=on, by=world.olivia.id)


def test_an_owner_switches_a_rule_off_and_it_gives_no_result(sign_in, world, engine):
    answer = sign_in(world.olivia).post("/calculators/b.2.spherical_equivalent/switch", data={"on": ""})
    assert answer.status_code == 303
    page = sign_in(world.alice).get("/calculators/b.2.spherical_equivalent?rx=-2.00/-1.75x10")
    assert ("Switched off." in page.text, '<form class="calculator-form"' in page.text) == (True, False)
    with unit_of_work(engine, world.one) as session:
        rules = queries.enabled(session)
        assert rules.ask(equivalent.spherical, read("-2.00/-1.75x10")) is None
        noted = session.scalars(select(Entry).where(Entry.subject_kind == "calculator_rule")).one()
        assert (noted.verb, noted.subject_id, noted.details) == (
            "chose", "b.2.spherical_equivalent", {"before": "on", "after": "off"},
        )  # fmt: skip


def test_another_chain_keeps_its_own_choices(world, engine):
    switch(engine, world, "b.2.spherical_equivalent", False)
    with unit_of_work(engine, world.two) as session:
        assert queries.enabled(session).on("b.2.spherical_equivalent") is True


@pytest.mark.parametrize("name", ["alice", "rosa", "dora"])
def test_who_may_not_set_calculators_changes_nothing(sign_in, world, engine, name):
    browser = sign_in(getattr(world, name))
    answers = [
        browser.post("/calculators/b.2.spherical_equivalent/switch", data={"on": ""}).status_code,
        browser.post("/calculators/tables/al_cr/choose", data={"edition": "clinic_cut_off"}).status_code,
    ]
    with unit_of_work(engine, world.one) as session:
        assert (answers, session.scalars(select(Choice)).all()) == ([403, 403], [])


def test_every_choice_is_kept_and_the_latest_counts(world, engine):
    for on in (False, True, False, False):
        switch(engine, world, "b.3.mean", on)
    with unit_of_work(engine, world.one) as session:
        kept = [one.value for one in queries.history(session, Kind.RULE, "b.3.mean")]
        assert (kept, queries.enabled(session).on("b.3.mean")) == (["off", "on", "off"], False)


def test_a_chosen_edition_is_what_the_chain_calculates_with(sign_in, world, engine):
    answer = sign_in(world.olivia).post("/calculators/tables/astigmatism_classes/choose", data={"edition": "within_15"})
    assert answer.status_code == 303
    with unit_of_work(engine, world.one) as session:
        found = queries.enabled(session).ask(keratometry.corneal_astigmatism, 43, 25, 44)
    assert found is not None
    assert found.edition is not None
    assert (found.value.kind, found.edition.id) == ("oblique", "within_15")


def test_what_is_no_rule_table_or_edition_is_refused(world, engine):
    with unit_of_work(engine, world.one) as session:
        for refusal, deed in (
            (NoSuchRule, lambda: services.switch(session, rule_id="b.0.none", on=True, by=world.olivia.id)),
            (NoSuchTable, lambda: services.choose(session, table="none", edition="x", by=world.olivia.id)),
            (NoSuchEdition, lambda: services.choose(session, table="al_cr", edition="x", by=world.olivia.id)),
        ):
            with pytest.raises(refusal):
                deed()
        assert session.scalars(select(Choice)).all() == []


def test_a_rule_asked_with_what_it_cannot_take_is_silent():
    rules = queries.Rules({}, {})
    assert rules.ask(keratometry.power, 99) is None
    assert rules.ask(iol.srk_t, 23, 44, 118) is None
    assert rules.ask(keratometry.power, reference.Decimal("7.85")) is not None
