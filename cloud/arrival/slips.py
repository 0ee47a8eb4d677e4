"""The ticket on the store's own printer: its number, where next, how many before, and the way to one's own place."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.arrival import waiting
from cloud.arrival.waiting import Where
from cloud.arrival.wording import money, public, said
from cloud.calls import sending
from cloud.queue import gates
from cloud.queue.models import Stay


def printed(session: Session, stay: Stay, token: str, language: str) -> bool:
    """Order the paper; whether the store has anything to print on. In the language of the page."""
    link = public(url_for("entrance.place", token=token, lang=language))
    heading = accounts.store(session, stay.store_id).name
    lines = list(_lines(session, stay, waiting.where(session, stay)))
    return bool(sending.ticket(session, stay, link=link, lines=lines, heading=heading, by=stay.by))


def _lines(session: Session, stay: Stay, at: Where) -> Iterator[str]:
    if at.station:
        yield _("Next: %(station)s", station=said(at.station))
    if at.before:
        yield ngettext("%(num)s before you", "%(num)s before you", at.before)
    elif at.before == 0:
        yield _("You are next")
    owed = gates.owed(session, stay)
    if owed.due:
        yield _("%(amount)s to be paid", amount=money(owed.due, owed.currency))
