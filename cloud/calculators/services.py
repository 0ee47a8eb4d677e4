"""Choosing which rules and which editions a chain uses. Every choice is kept."""

from sqlalchemy.orm import Session

from cloud.calculators import queries
from cloud.calculators.choices import Kind, Switch
from cloud.calculators.errors import NoSuchTable
from cloud.calculators.models import Choice
from cloud.kernel import audit
from cloud.optics import reference, registry


def switch(session: Session, *, rule_id: str, on: bool, by: int) -> None:
    """Use a rule or leave it. Raises registry.NoSuchRule."""
    registry.calculator(rule_id)
    before, after = queries.enabled(session).on(rule_id), on
    if before != after:
        word = {True: Switch.ON, False: Switch.OFF}
        _choose(session, kind=Kind.RULE, name=rule_id, before=word[before], after=word[after], by=by)


def choose(session: Session, *, table: str, edition: str, by: int) -> None:
    """Calculate with this edition of a table. Raises NoSuchTable, reference.NoSuchEdition."""
    found = next((one for one in reference.tables() if one.id == table), None)
    if found is None:
        raise NoSuchTable(table)
    after = found.edition(edition).id
    before = found.edition(queries.enabled(session).edition(table)).id
    if before != after:
        _choose(session, kind=Kind.TABLE, name=table, before=before, after=after, by=by)


def _choose(session: Session, *, kind: Kind, name: str, before: str, after: str, by: int) -> None:
    session.add(Choice(kind=kind, name=name, value=after, chosen_by=by))
    session.flush()
    audit.note(session, by=by, verb="chose", kind=f"calculator_{kind}", subject=name, before=before, after=after)
