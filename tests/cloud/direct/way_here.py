"""A patient's browser without scripts: it reads pages, fills in forms and follows where it is sent."""

from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from cloud.direct import tables
from cloud.kernel.database import unit_of_work
from cloud.messages.models import Letter
from cloud.people import queries
from cloud.people import services as people
from cloud.people.choices import ContactKind
from tests.cloud.booking.practice_here import Practice


@dataclass
class Form:
    """A form of a page: where it goes, and what is in it as it stands."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Every form of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.forms.append(Form(has.get("action") or ""))
        elif tag == "button" and self.forms and "name" in has:
            self.forms[-1].buttons.append((has["name"] or "", has.get("value") or ""))
        elif tag == "input" and self.forms and has.get("name"):
            ticked = has.get("type") not in ("radio", "checkbox") or "checked" in has
            if ticked:
                self.forms[-1].fields.setdefault(has["name"] or "", []).append(has.get("value") or "")


@dataclass
class Patient:
    """Somebody at a browser of their own."""

    client: FlaskClient
    engine: Engine
    tenant_id: int
    at: str = ""
    page: str = ""
    status: int = 0

    def read(self, address: str) -> str:
        """Open an address and go wherever it leads."""
        return self._seen(self.client.get(address, follow_redirects=True))

    def _seen(self, response: TestResponse) -> str:
        self.page, self.status, self.at = response.get_data(as_text=True), response.status_code, response.request.path
        return self.page

    @property
    def step(self) -> str:
        """The last part of where one is."""
        return self.at.rsplit("/", 1)[-1]

    def forms(self) -> list[Form]:
        """Those of the page."""
        return Forms(self.page).forms

    def send(self, part: str = "", /, **entered: Any) -> str:
        """Fill in the form whose address ends so, else the first, and send it."""
        found = next(one for one in self.forms() if one.action.split("?")[0].endswith(part))
        told = {**found.fields, **{name.replace("__", "-"): value for name, value in entered.items()}}
        return self._seen(self.client.post(found.action, data=told, follow_redirects=True))

    def press(self, part: str, at: int = 0) -> str:
        """Press a named button of a form."""
        found = next(one for one in self.forms() if one.action.split("?")[0].endswith(part))
        name, value = found.buttons[at]
        return self._seen(self.client.post(found.action, data={**found.fields, name: value}, follow_redirects=True))

    def code(self) -> str:
        """What the last letter with a code says."""
        with unit_of_work(self.engine, self.tenant_id) as session:
            last = select(Letter).where(Letter.template == "code").order_by(Letter.id.desc())
            letter = session.scalars(last).first()
            assert letter is not None
            assert letter.secret is not None
            return str(letter.secret["code"])

    def prove(self, door: str, contact: str) -> str:
        """Come in by the code that was sent."""
        self.read(door)
        self.send(contact=contact)
        assert self.step == "code", self.page
        return self.send("code", code=self.code())


def patient(app: Flask, engine: Engine, tenant_id: int) -> Patient:
    """A browser of their own; forms may come back at once."""
    tables.read("limits")["form"]["least_seconds"] = 0
    return Patient(app.test_client(), engine, tenant_id)


def door(practice: Practice) -> str:
    """The address of the store at the pier."""
    return f"/book/one-{practice.world.number}/pier"


def reached(engine: Engine, practice: Practice, patient_id: int, value: str, born: date | None = None) -> None:
    """Somebody known can be reached there."""
    kind = ContactKind.EMAIL if "@" in value else ContactKind.MOBILE
    with unit_of_work(engine, practice.world.one) as session:
        people.add_contact(session, patient_id, kind=kind, value=value, by=None)
        record = queries.patient(session, patient_id)
        people.edit(session, patient_id, {"birth_date": born}, opened=record.version, by=None)
