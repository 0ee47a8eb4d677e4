"""Who is in the tests: Alice, Bob and Dora (who may nothing) in one chain, Charlie in another, and what is theirs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.accounts.models import Post, Store
from cloud.fleet import services as fleet
from cloud.fleet.models import Instrument
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.readings.parcels import Sender
from protocols.envelope import Address

PASSWORD = "a long password"


@dataclass(frozen=True, slots=True)
class Place:
    """A store with its gateway."""

    id: int
    slug: str
    sender: Sender
    address: Address
    phoropter: int = 0


@dataclass(frozen=True, slots=True)
class Someone:
    """A member of staff, at work in ``store``."""

    tenant_id: int
    id: int
    email: str
    store: Place


@dataclass(frozen=True, slots=True)
class World:
    """``one`` and ``two`` are the chains' ids; the record number R-1 exists in both."""

    number: int
    one: int
    two: int
    pier: Place
    hill: Place
    mill: Place
    alice: Someone
    bob: Someone
    rosa: Someone
    omar: Someone
    olivia: Someone
    dora: Someone
    charlie: Someone
    grace: int
    per: int
    mary: int
    began: datetime = field(default_factory=now)


def found(owner: Engine, engine: Engine, number: int) -> World:
    """Two new chains with all their people."""
    one = accounts.found_chain(owner, slug=f"one-{number}", name="Chain One")
    two = accounts.found_chain(owner, slug=f"two-{number}", name="Chain Two")
    with unit_of_work(engine, one) as session:
        pier, hill = (_open(session, one, f"one-{number}", slug) for slug in ("pier", "hill"))
        staff = {
            "alice": _hire(session, number, "Dr Alice Moreau", Role.CLINICIAN, pier),
            "bob": _hire(session, number, "Dr Bob Tal", Role.CLINICIAN, hill),
            "rosa": _hire(session, number, "Rosa Lind", Role.RECEPTION, pier),
            "omar": _hire(session, number, "Omar Haddad", Role.ENGINEER, pier, everywhere=True),
            "dora": _without_a_post(session, number, "Dora Vance", hill),
            "olivia": _hire(session, number, "Olivia Berg", Role.OWNER, pier, everywhere=True),
        }
        grace = people.register(session, record_number="R-1", family_name="Okafor", given_name="Grace").id
        per = people.register(session, record_number="R-2", family_name="Lindqvist", given_name="Per").id
    with unit_of_work(engine, two) as session:
        mill = _open(session, two, f"two-{number}", "mill")
        staff["charlie"] = _hire(session, number, "Dr Charlie Finch", Role.CLINICIAN, mill)
        mary = people.register(session, record_number="R-1", family_name="Hidden", given_name="Mary").id
    return World(number, one, two, pier, hill, mill, **staff, grace=grace, per=per, mary=mary)


def _open(session: Session, tenant_id: int, chain: str, slug: str) -> Place:
    store = accounts.open_store(session, slug=slug, name=slug.title(), zone="Europe/Lisbon")
    gateway = fleet.enrol(session, store_id=store.id, slug="gw-1")
    where = {"gateway_id": gateway.id, "store_id": store.id, "link": "tcp", "state": "connected"}
    for dev, lane in (("ar-1", "Lane 1"), ("lm-1", "Lane 2")):
        session.add(Instrument(dev=dev, lane=lane, family="ar", **where))
    phoropter = Instrument(dev="rt", lane="Lane 1", family="nidek_rt", model="RT-5100", **where)
    session.add(phoropter)
    session.flush()
    sender = Sender(tenant_id, store.id, gateway.id)
    return Place(store.id, slug, sender, Address(chain, slug, "gw-1"), phoropter.id)


def _hire(session: Session, number: int, name: str, role: Role, place: Place, *, everywhere: bool = False) -> Someone:
    email = f"{name.split()[-2].lower()}-{number}@example.test"
    store = None if everywhere else session.get_one(Store, (place.sender.tenant_id, place.id))
    staff = accounts.hire(session, email=email, name=name, password=PASSWORD, role=role, store=store)
    return Someone(place.sender.tenant_id, staff.id, email, place)


def _without_a_post(session: Session, number: int, name: str, place: Place) -> Someone:
    """Of the chain, and nothing in it."""
    someone = _hire(session, number, name, Role.RECEPTION, place)
    session.execute(delete(Post).where(Post.staff_id == someone.id))
    return someone
