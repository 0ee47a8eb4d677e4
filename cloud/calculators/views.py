"""Pages of the calculators room: the list, each rule at work, and the reference tables. No patient is here."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs, someone
from cloud.calculators import gallery, listing, queries, services
from cloud.calculators.choices import Kind
from cloud.calculators.errors import NoSuchTable
from cloud.optics import entry, reference, registry, showing
from cloud.optics.catalogue import Example
from cloud.optics.entry import Answer
from cloud.optics.reference import NoSuchEdition, Table
from cloud.optics.registry import NoSuchRule
from cloud.optics.rule import Calculator, Derived
from cloud.optics.terms import Term
from cloud.optics.words import Words
from cloud.web.error_pages import refused
from cloud.web.languages import current_language

bp = Blueprint("calculators", __name__, template_folder="templates")
for _missing in (NoSuchRule, NoSuchTable, NoSuchEdition):
    bp.register_error_handler(_missing, lambda _refusal: refused(NotFound()))


@bp.context_processor
def _speaking() -> dict[str, Any]:
    """Words of data files in the reader's language."""
    person = someone()  # nobody, on a refusal before the door
    may_set = person is not None and May.SET_CALCULATORS in person.may
    return {"spoken": lambda words: words.spoken(current_language()), "may_set": may_set}


@bp.get("/calculators")
@needs()
def calculators() -> ResponseReturnValue:
    """Every rule by subject, narrowed by words."""
    words = request.args.get("q", "").strip()
    found = listing.subjects(words)
    rules = queries.enabled(db())
    total = sum(len(subject.rules) for subject in found)
    return render_template("calculators/calculators.html", subjects=found, words=words, rules=rules, total=total)


@bp.get("/calculators/<rule_id>")
@needs()
def calculator(rule_id: str) -> ResponseReturnValue:
    """One rule: its form, and its answer once something is entered. The values stand in the address."""
    rule, rules = registry.calculator(rule_id), queries.enabled(db())
    on, asked = rules.on(rule_id), any(name in request.args for name in rule.takes)
    answer = entry.answer(rule, request.args, _edition(rules, rule)) if on and asked else Answer(None, {})
    status = 422 if answer.errors else 200
    return render_template("calculators/calculator.html", **_page(rule, rules, answer), on=on, asked=asked), status


@bp.post("/calculators/<rule_id>/switch")
@needs(May.SET_CALCULATORS)
def switch(rule_id: str) -> ResponseReturnValue:
    """Use the rule, or leave it."""
    services.switch(db(), rule_id=rule_id, on=request.form.get("on") == "yes", by=me().staff_id)
    return redirect(url_for(".calculator", rule_id=rule_id), 303)


@bp.get("/calculators/tables")
@needs()
def tables() -> ResponseReturnValue:
    """Every reference table with the edition in use."""
    every, rules = reference.tables(), queries.enabled(db())
    return render_template("calculators/tables.html", tables=every, chosen=_chosen(every, rules))


@bp.get("/calculators/tables/<table>")
@needs()
def table(table: str) -> ResponseReturnValue:
    """One table: its editions with their numbers."""
    found, rules = _table(table), queries.enabled(db())
    users = [rule for rule in registry.calculators().values() if rule.entry.table == table]
    made = queries.history(db(), Kind.TABLE, table)
    page = {"chosen": found.edition(rules.edition(table)), "lines": listing.lines, "users": users, "history": made}
    return render_template("calculators/table.html", table=found, **page)


@bp.post("/calculators/tables/<table>/choose")
@needs(May.SET_CALCULATORS)
def choose(table: str) -> ResponseReturnValue:
    """Calculate with another edition."""
    services.choose(db(), table=table, edition=request.form.get("edition", ""), by=me().staff_id)
    return redirect(url_for(".table", table=table), 303)


def _table(name: str) -> Table:
    found = next((one for one in reference.tables() if one.id == name), None)
    if found is None:
        raise NoSuchTable(name)
    return found


def _chosen(every: tuple[Table, ...], rules: queries.Rules) -> dict[str, reference.Edition]:
    return {one.id: one.edition(rules.edition(one.id)) for one in every}


def _edition(rules: queries.Rules, rule: Calculator[..., Any]) -> str | None:
    return rules.edition(rule.entry.table) if rule.entry.table else None


def _page(rule: Calculator[..., Any], rules: queries.Rules, answer: Answer) -> dict[str, Any]:
    derived = answer.derived
    return {
        "rule": rule,
        "derived": derived,
        "rows": showing.rows(derived) if derived else (),
        "picture": gallery.picture(rule.entry.chart, derived) if derived else None,
        "edition": reference.table(rule.entry.table).edition(_edition(rules, rule)) if rule.entry.table else None,
        "errors": answer.errors,
        "typed": _typed(rule, request.args),
        "example": lambda example: _example(rule, example),
        "history": queries.history(db(), Kind.RULE, rule.id),
        "said_by": _said_by,
        "choices": _choices,
        "shown_choice": _shown_choice,
    }


def _said_by(derived: Derived[Any]) -> list[dict[str, str]]:
    return [{"code": one.code, "text": one.spoken(current_language())} for one in derived.warnings]


def _choices(term: Term, needed: bool) -> list[tuple[str, str]]:
    words = [(code, words.spoken(current_language())) for code, words in (term.options or {}).items()]
    return [("", _("Choose one")), *words] if needed else words


def _shown_choice(term: Term, text: str) -> str:
    """What a worked example shows, which is written down in English, in the reader's language."""
    known = (*(term.options or {}).values(), showing.YES, showing.NO)
    words = next((words for words in known if words.en == text), Words(text, text))
    return words.spoken(current_language())


def _typed(rule: Calculator[..., Any], args: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields: what was typed, else what the rule would take."""
    usual = {
        name: showing.text(rule.entry.term(name), value).en
        for name, value in rule.defaults.items()
        if value is not None
    }
    codes = {name: str(value) for name, value in rule.defaults.items() if isinstance(value, str)}
    return {**usual, **codes, **{name: args[name] for name in rule.takes if name in args}}


def _example(rule: Calculator[..., Any], example: Example) -> dict[str, Any]:
    """A worked number as a link: what is entered, and what comes out."""
    told = [(rule.entry.term(name).label, _told(rule, name, text)) for name, text in example.given.items()]
    shown = [(rule.entry.term(name), text) for name, text in example.shows.items() if name in rule.entry.gives]
    there: dict[str, Any] = {"rule_id": rule.id, **example.given}
    return {"href": url_for(".calculator", **there), "given": told, "shows": shown}


def _told(rule: Calculator[..., Any], name: str, text: str) -> str:
    term = rule.entry.term(name)
    words = (term.options or {}).get(text, Words(text, text))
    return words.spoken(current_language()).replace("-", "−")
