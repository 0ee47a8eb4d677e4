"""Two chains with stores, people and a gateway, so that the demo has somewhere to arrive."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyotp
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.accounts.models import Staff, Store
from cloud.fleet import services as fleet
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.migrations.run import upgrade_url
from cloud.people import services as people
from cloud.readings.parcels import Sender
from deploy.demo import booked, examined, histories, waiting
from protocols.envelope import Address

PASSWORD = "emmetra-demo"  # noqa: S105 - printed on the demo's sign-in page
GATEWAY = Address("harbour", "pier-street", "gw-1")


@dataclass(frozen=True, slots=True)
class Someone:
    """A demo account."""

    email: str
    name: str
    role: Role
    locale: str | None = None


HARBOUR = (
    Someone("alice@harbour.example", "Dr Alice Moreau", Role.CLINICIAN),
    Someone("chen@harbour.example", "陈 明", Role.CLINICIAN, "zh"),
    Someone("rosa@harbour.example", "Rosa Lind", Role.RECEPTION),
    Someone("omar@harbour.example", "Omar Haddad", Role.ENGINEER),
    Someone("olivia@harbour.example", "Olivia Berg", Role.OWNER),
)
HILLSIDE = (Someone("charlie@hillside.example", "Dr Charlie Finch", Role.CLINICIAN),)

PATIENTS = (
    ("H-1001", "Okafor", "Grace", date(1958, 3, 14), "en"),
    ("H-1002", "王", "芳", date(1984, 9, 2), "zh"),
    ("H-1003", "Lindqvist", "Per", date(1971, 1, 30), "en"),
    ("H-1004", "Silva", "Mariana", date(1996, 6, 21), "en"),
    ("H-1005", "李", "建国", date(1949, 11, 8), "zh"),
    ("H-1006", "Novak", "Eva", date(2012, 4, 17), "en"),
    ("H-1007", "Haddad", "Yusuf", date(1988, 12, 5), "en"),
    ("H-1008", "Tanaka", "Kenji", date(1979, 7, 19), "en"),
)


def seed(url: str, folder: Path) -> None:
    """Bring the database up to date; on a new one, found the chains and write down the demo's accounts."""
    upgrade_url(url)
    owner, app = owner_engine(url), app_engine(url)
    try:
        if not _founded(owner):
            secret = _found(owner, app)
            _write_accounts(folder, secret)
    finally:
        owner.dispose()
        app.dispose()


def _founded(owner: Engine) -> bool:
    with owner.begin() as connection:
        return bool(connection.execute(text("SELECT 1 FROM accounts_chain LIMIT 1")).first())


def _found(owner: Engine, app: Engine) -> str:
    harbour = accounts.found_chain(owner, slug="harbour", name="Harbour Eyecare")
    with unit_of_work(app, harbour) as session:
        store = accounts.open_store(session, slug="pier-street", name="Pier Street", zone="Europe/Lisbon")
        tower = accounts.open_store(session, slug="tower-hill", name="Tower Hill", zone="Europe/Lisbon")
        gateway = fleet.enrol(session, store_id=store.id, slug=GATEWAY.gateway)
        _hire(session, HARBOUR, store)
        patients = _register(session, store)
        _remember(session, store, Sender(harbour, store.id, gateway.id), patients)
        _practise(session, HARBOUR[-1], {store: booked.PIER, tower: booked.TOWER}, patients)
        _receive(session, HARBOUR[-1], [store.id, tower.id], patients)
        secret = _guard_owner(session)
    hillside = accounts.found_chain(owner, slug="hillside", name="Hillside Optics")
    with unit_of_work(app, hillside) as session:
        mill = accounts.open_store(session, slug="mill-lane", name="Mill Lane", zone="Asia/Shanghai")
        _hire(session, HILLSIDE, mill)
        _practise(session, HILLSIDE[0], {mill: booked.MILL}, {})
    return secret


def _hire(session: Session, people_: tuple[Someone, ...], store: Store) -> None:
    for one in people_:
        place = store if one.role in (Role.CLINICIAN, Role.RECEPTION) else None
        staff = accounts.hire(session, email=one.email, name=one.name, password=PASSWORD, role=one.role, store=place)
        staff.locale = one.locale


def _register(session: Session, store: Store) -> dict[str, int]:
    """Ids by record number."""
    return {
        number: people.register(
            session,
            record_number=number,
            family_name=family,
            given_name=given,
            birth_date=born,
            language=language,
            home_store_id=store.id,
        ).id
        for number, family, given, born, language in PATIENTS
    }


def _remember(session: Session, store: Store, sender: Sender, patients: dict[str, int]) -> None:
    alice = session.scalars(select(Staff).where(Staff.email == HARBOUR[0].email)).one()
    histories.write(session, patients, store_id=store.id, by=alice.id, name=alice.name)
    examined.bring(session, sender, patients, by=alice.id)


def _practise(
    session: Session, by: Someone, stores: Mapping[Store, booked.Practice], patients: Mapping[str, int]
) -> None:
    """Who works when in these stores, what can be booked; in the first of them the visits of two weeks."""
    staff = {one.email: one.id for one in session.scalars(select(Staff))}
    first, practice = next(iter(stores.items()))
    kinds = booked.chain(session, practice.country, practice.types, by=staff[by.email])
    for place, founded in stores.items():
        booked.store(session, place, founded, kinds, staff, by=staff[by.email])
    born = [(patients[number], day) for number, _family, _given, day, _language in PATIENTS if number in patients]
    if born:
        booked.visits(session, first, kinds, born, by=staff[by.email])


def _receive(session: Session, by: Someone, stores: list[int], patients: Mapping[str, int]) -> None:
    """Stations, and people who wait at them."""
    staff = {one.email: one.id for one in session.scalars(select(Staff))}
    waiting.open_doors(session, stores, by=staff[by.email])
    waiting.people(session, stores[0], patients, by=staff[by.email])


def _guard_owner(session: Session) -> str:
    secret = pyotp.random_base32()
    session.execute(update(Staff).where(Staff.email == "olivia@harbour.example").values(totp_secret=secret))
    return secret


def _write_accounts(folder: Path, secret: str) -> None:
    accounts_ = [{"email": one.email, "role": one.role.value, "name": one.name} for one in (*HARBOUR, *HILLSIDE)]
    told = {"password": PASSWORD, "totp_secret": secret, "accounts": accounts_}
    (folder / "accounts.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
    (folder / "secret.key").write_text(secrets.token_hex(32))
