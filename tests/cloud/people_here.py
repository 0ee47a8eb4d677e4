"""Who is in the tests: Alice, Bob and Dora (who may nothing) in one chain, Charlie in another, and what is theirs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.accounts.models import Post, Staff, Store
from cloud.fleet.models import Gateway, Instrument
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people.models import Patient
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
    """Two new chains with all their people. In few statements, as nearly every test begins here."""
    one = accounts.found_chain(owner, slug=f"one-{number}", name="Chain One")
    two = accounts.found_chain(owner, slug=f"two-{number}", name="Chain Two")
    with unit_of_work(engine, one) as session:
        pier, hill = _open(session, one, f"one-{number}", "pier", "hill")
        staff = _hire(
            session,
            number,
            alice=Hired("Dr Alice Moreau", pier, Role.CLINICIAN),
            bob=Hired("Dr Bob Tal", hill, Role.CLINICIAN),
            rosa=Hired("Rosa Lind", pier, Role.RECEPTION),
            omar=Hired("Omar Haddad", pier, Role.ENGINEER, everywhere=True),
            dora=Hired("Dora Vance", hill, None),
            olivia=Hired("Olivia Berg", pier, Role.OWNER, everywhere=True),
        )
        grace, per = _register(session, ("R-1", "Okafor", "Grace"), ("R-2", "Lindqvist", "Per"))
    with unit_of_work(engine, two) as session:
        [mill] = _open(session, two, f"two-{number}", "mill")
        staff |= _hire(session, number, charlie=Hired("Dr Charlie Finch", mill, Role.CLINICIAN))
        [mary] = _register(session, ("R-1", "Hidden", "Mary"))
    return World(number, one, two, pier, hill, mill, **staff, grace=grace, per=per, mary=mary)


def _open(session: Session, tenant_id: int, chain: str, *slugs: str) -> list[Place]:
    """Stores with a gateway and three instruments each."""
    stores = [Store(slug=slug, name=slug.title(), zone="Europe/Lisbon") for slug in slugs]
    session.add_all(stores)
    session.flush()
    gateways = [Gateway(store_id=store.id, slug="gw-1") for store in stores]
    session.add_all(gateways)
    session.flush()
    instruments = [one for gateway in gateways for one in _instruments(gateway)]
    session.add_all(instruments)
    session.flush()
    return [
        Place(store.id, store.slug, Sender(tenant_id, store.id, gateway.id), Address(chain, store.slug, "gw-1"), rt.id)
        for store, gateway, rt in zip(stores, gateways, instruments[2::3], strict=True)
    ]


def _instruments(gateway: Gateway) -> list[Instrument]:
    """The phoropter comes last."""
    where = {"gateway_id": gateway.id, "store_id": gateway.store_id, "link": "tcp", "state": "connected"}
    values = [
        Instrument(dev=dev, lane=lane, family="ar", **where) for dev, lane in (("ar-1", "Lane 1"), ("lm-1", "Lane 2"))
    ]
    return [*values, Instrument(dev="rt", lane="Lane 1", family="nidek_rt", model="RT-5100", **where)]


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody with one post or none, at a store or everywhere."""

    name: str
    place: Place
    role: Role | None
    everywhere: bool = False


def _hire(session: Session, number: int, **hired: Hired) -> dict[str, Someone]:
    emails = {key: f"{one.name.split()[-2].lower()}-{number}@example.test" for key, one in hired.items()}
    staff = {key: _employed(one.name, emails[key]) for key, one in hired.items()}
    session.add_all(staff.values())
    session.flush()
    session.add_all(
        Post(staff_id=staff[key].id, role=one.role.value, store_id=None if one.everywhere else one.place.id)
        for key, one in hired.items()
        if one.role
    )
    return {
        key: Someone(one.place.sender.tenant_id, staff[key].id, emails[key], one.place) for key, one in hired.items()
    }


def _employed(name: str, email: str) -> Staff:
    return Staff(email=email, name=name, password_hash=accounts._hasher.hash(PASSWORD), totp_last_step=0)


def _register(session: Session, *people: tuple[str, str, str]) -> list[int]:
    """Patients by record number, family name and given name, with the line of the audit that says so."""
    patients = [Patient(record_number=number, family_name=family, given_name=given) for number, family, given in people]
    session.add_all(patients)
    session.flush()
    for one in patients:
        audit.note(session, by=None, verb="registered", kind="patient", subject=one.id)
    return [one.id for one in patients]
