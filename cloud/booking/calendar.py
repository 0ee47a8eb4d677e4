"""Visits as calendar files (RFC 5545, 5546), with the rules of the store's own zone.

An e-mail carries ``REQUEST``: calendars take it in by themselves, follow a change by its sequence, and take it out on
``CANCEL``. Nobody is asked to answer it (``RSVP=FALSE``), as whoever booked has already said yes. A file that somebody
fetches is ``PUBLISH``: it names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Calendar, Event, vCalAddress, vText
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking.choices import State
from cloud.booking.models import Visit
from cloud.kernel.clock import local, now
from cloud.messages import office, reaching, standing
from cloud.messages.texts import spoken_of

GIVEN_UP = (State.CANCELLED, State.MOVED, State.NO_SHOW)
TITLES = {"en": "Appointment at {place}", "zh": "{place}预约"}
AROUND = timedelta(days=366)  # for how long around a visit the zone's rules are told


@dataclass(frozen=True)
class Made:
    """A file, and what a calendar is to do with it."""

    method: str
    data: bytes


def file(session: Session, visit: Visit) -> bytes:
    """A visit as a file for somebody to take along."""
    return _calendar([visit], [_event(session, visit)], "PUBLISH")


def entry(session: Session, visit: Visit, title: str) -> bytes:
    """A visit as an entry of a calendar on a server, which has no method (RFC 4791, 4.1)."""
    return _calendar([visit], [_titled(session, visit, title)], None)


def feed(session: Session, visits: Sequence[Visit], titles: Sequence[str], name: str) -> bytes:
    """Visits as a calendar that others read again and again; the same visits make the same bytes."""
    events = [_titled(session, one, title) for one, title in zip(visits, titles, strict=True)]
    return _calendar(visits, events, None, name)


def invitation(session: Session, visit: Visit, address: str) -> Made:
    """A visit as what goes with an e-mail to ``address``."""
    event, sender = _event(session, visit), office.here(session).address
    if not sender:
        return Made("PUBLISH", _calendar([visit], [event], "PUBLISH"))
    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["CN"] = vText(standing.manner(session, visit.store_id).sender)
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params.update({"CN": vText(reaching.name(session, visit.patient_id)), "ROLE": "REQ-PARTICIPANT"})
    attendee.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event["ORGANIZER"] = organizer
    event.add("attendee", attendee)
    method = "CANCEL" if visit.state in GIVEN_UP else "REQUEST"
    return Made(method, _calendar([visit], [event], method))


def _titled(session: Session, visit: Visit, title: str) -> Event:
    event = _event(session, visit)
    event["SUMMARY"] = vText(title)
    del event["DTSTAMP"]
    event.add("dtstamp", visit.booked_at)
    return event


def _event(session: Session, visit: Visit) -> Event:
    store = accounts.store(session, visit.store_id)
    title = TITLES[spoken_of(reaching.language(session, visit.patient_id))]
    over = visit.state in GIVEN_UP
    event = Event()
    event.add("uid", f"{visit.uid}@emmetra")
    event.add("sequence", visit.sequence + over)
    event.add("dtstamp", now())
    event.add("dtstart", local(visit.shown_at, store.zone))
    event.add("dtend", local(visit.ends_at, store.zone))
    event.add("summary", title.format(place=store.name))
    event.add("location", store.name)
    event.add("status", "CANCELLED" if over else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if over else "OPAQUE")
    return event


def _calendar(visits: Sequence[Visit], events: Sequence[Event], method: str | None, name: str = "") -> bytes:
    made = Calendar()
    made.add("prodid", "-//Emmetra//Booking//EN")
    made.add("version", "2.0")
    if method:
        made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
    for event in events:
        made.add_component(event)
    on = [one.shown_at.date() for one in visits]
    if on:
        made.add_missing_timezones(first_date=min(on) - AROUND, last_date=max(on) + AROUND)
    return bytes(made.to_ical())
