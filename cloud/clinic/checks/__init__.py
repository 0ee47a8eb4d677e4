"""What is doubtful in a record before it is signed: each finding has an id, a weight, words and where it points.

The words, the weights and the limits are data (``cloud/clinic/tables/checks.toml``); the modules beside this one hold
only what is compared with what.
"""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.clinic.checks import measures, plan, powers, since, written
from cloud.clinic.checks.finding import Check, Context, Finding
from cloud.clinic.choices import Level
from cloud.clinic.models import Encounter
from cloud.clinic.sheet import Sheet

__all__ = ["CHECKS", "Check", "Context", "Finding", "findings", "looked_at", "words_for_amendment"]

CHECKS: tuple[Check, ...] = (*written.CHECKS, *powers.CHECKS, *measures.CHECKS, *since.CHECKS, *plan.CHECKS)


def findings(session: Session, visit: Encounter, sheet: Sheet, context: Context | None = None) -> list[Finding]:
    """Everything doubtful in this record, the weightiest first; at most two questions to the database."""
    return looked_at(context or Context.of(session, visit), sheet)


def looked_at(context: Context, sheet: Sheet) -> list[Finding]:
    """The same for what is known already."""
    every = {one.key: one for check in CHECKS for one in check(context, sheet)}
    return sorted(every.values(), key=lambda one: list(Level).index(one.level))


def words_for_amendment() -> str:
    """What an amendment without a reason is told."""
    return str(_("Say why the signed record changes."))
