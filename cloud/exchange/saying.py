"""What each kind of system is told of a visit: a signed event, a FHIR resource, an entry of a calendar."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from cloud.booking import calendar
from cloud.booking.choices import State as Stands
from cloud.exchange import fhir, queries
from cloud.exchange.choices import Kind
from cloud.exchange.models import Delivery, Target
from cloud.exchange.queries import Told
from cloud.exchange.wire import Request
from cloud.kernel.clock import now

GONE = (Stands.CANCELLED, Stands.NO_SHOW)


def request(session: Session, target: Target, credential: str, delivery: Delivery, told: Told) -> Request:
    """What one system is told of a visit as it stands now; the same again changes nothing there."""
    if target.kind == Kind.WEBHOOK:
        return _event(target, credential, delivery, told)
    if target.kind == Kind.FHIR:
        return _resource(target, credential, told)
    return _entry(session, target, credential, told)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """``t=<seconds>,v1=<hex>``: HMAC-SHA256 over the seconds, a dot and the body, so that an old one shows its age."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={hmac.new(secret.encode(), f'{seconds}.'.encode() + body, hashlib.sha256).hexdigest()}"


def plain(told: Told) -> dict[str, Any]:
    """A visit for other programs: no name and nothing clinical."""
    visit = told.visit
    return {
        "uid": str(visit.uid),
        "sequence": visit.sequence,
        "store": told.store[0],
        "type": told.kind,
        "record_number": told.patient[0],
        "starts_at": visit.shown_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "state": visit.state,
    }


def _event(target: Target, secret: str, delivery: Delivery, told: Told) -> Request:
    moved = delivery.deed == "booked" and told.visit.sequence
    event = {"id": delivery.id, "type": f"visit.{'moved' if moved else delivery.deed}", "visit": plain(told)}
    body = msgspec.json.encode(event)
    headers = {"Content-Type": "application/json", "Emmetra-Signature": signature(secret, body, now())}
    return Request("POST", target.url, headers | {"Emmetra-Delivery": str(delivery.id)}, body)


def _resource(target: Target, credential: str, told: Told) -> Request:
    """A conditional update: the system finds or makes its own resource by our identifier."""
    found = fhir.appointment(told.visit, told.kind, told.store, told.patient)
    del found["id"]
    url = f"{target.url.rstrip('/')}/Appointment?identifier={fhir.VISITS}%7C{told.visit.uid}"
    headers = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json"}
    return Request("PUT", url, headers | _shown(target.account, credential), msgspec.json.encode(found))


def _entry(session: Session, target: Target, credential: str, told: Told) -> Request:
    url = f"{target.url.rstrip('/')}/{told.visit.uid}.ics"
    headers = _shown(target.account, credential)
    if told.visit.state in GONE:
        return Request("DELETE", url, headers)
    body = calendar.entry(session, told.visit, f"{told.kind} {told.patient[0]}")
    return Request("PUT", url, headers | {"Content-Type": "text/calendar; charset=utf-8"}, body)


def _shown(account: str, credential: str) -> dict[str, str]:
    """With an account its password, else a bearer's token."""
    if not account:
        return {"Authorization": f"Bearer {credential}"} if credential else {}
    return {"Authorization": f"Basic {base64.b64encode(f'{account}:{credential}'.encode()).decode()}"}


def visit_of(session: Session, delivery: Delivery) -> Told | None:
    """What a delivery is about; None where it has been moved meanwhile, as its new time is told by itself."""
    visit = queries.by_id(session, delivery.visit_id)
    return None if visit.state == Stands.MOVED else queries.told(session, [visit])[0]
