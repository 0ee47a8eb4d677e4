"""What a gateway is told: the list of its store, made anew, and what to do with one that serves it no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.people.models import Patient
from cloud.worklist import queries, rules
from cloud.worklist.models import Order, Told
from protocols import envelope
from protocols.envelope import Address
from protocols.envelope.worklist import Item, Worklist

LEASE = timedelta(seconds=30)  # longer than a broker is waited for
_SEX = {"male": "M", "female": "F", "other": "O"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves, retained until it expires."""

    topic: str
    payload: bytes = field(repr=False)
    expiry: int = rules.EXPIRY_SECONDS


@dataclass(frozen=True, slots=True)
class Plan:
    """What to publish, and what stands of the gateway once the broker has all of it."""

    letters: list[Letter]
    address: str | None
    version: int
    digest: str | None
    items: int
    left_out: int
    until: datetime | None
    store_id: int


@dataclass(frozen=True, slots=True)
class _Listing:
    zone: str
    items: list[Item]
    left_out: int
    until: datetime | None


def plan(session: Session, gateway_id: int) -> Plan | None:
    """What a gateway has to hear now; None where another process sees to it.

    Nobody else tells this gateway for LEASE from the end of this transaction on, or until ``told`` or ``failed``; a
    process that died in between has told nothing that counts. No row is held while the broker is asked: orders go on.
    """
    told, gateway = queries.told(session, gateway_id, hold=True), fleet.gateway(session, gateway_id)
    if told is None or gateway is None or (told.busy_until is not None and told.busy_until > now()):
        return None
    address = str(Address(*accounts.slugs(session, gateway.store_id), gateway.slug))
    listing = _listing(session, gateway.store_id) if gateway.status == "enrolled" else _Listing("UTC", [], 0, None)
    told.again = told.again or told.busy_until is not None
    made = _plan(told, address if gateway.status == "enrolled" else None, listing, gateway.store_id)
    told.version, told.due, told.again, told.busy_until = made.version, False, False, now() + LEASE
    session.flush()
    return made


def _plan(told: Told, address: str | None, listing: _Listing, store_id: int) -> Plan:
    letters, version = [], told.version
    if told.address and told.address != address and told.count:
        version += 1
        letters.append(_letter(told.address, version, "UTC", []))  # who listens there still keeps our patients' names
    digest = rules.digest(listing.zone, listing.items)
    before = told.digest if told.address == address else None
    if address and (told.again or (before != digest and (listing.items or told.count or told.version))):
        version += before != digest or not version
        letters.append(_letter(address, version, listing.zone, listing.items))
    return Plan(
        letters,
        address if version else None,
        version,
        digest,
        len(listing.items),
        listing.left_out,
        listing.until,
        store_id,
    )


def told(session: Session, gateway_id: int, done: Plan) -> None:
    """The broker has it."""
    row = queries.told(session, gateway_id, hold=True)
    assert row is not None  # noqa: S101 - there since the plan was made
    row.address, row.digest, row.busy_until = done.address, done.digest, None
    row.count, row.left_out, row.until = done.items, done.left_out, done.until
    if done.letters:
        row.told_at = now()
        announce(session, Fact(topic="worklist.store", tenant_id=current_tenant(), store_id=done.store_id))
    session.flush()


def failed(session: Session, gateway_id: int) -> None:
    """The broker has not all of it: to be told again, by whoever comes first."""
    row = queries.told(session, gateway_id, hold=True)
    assert row is not None  # noqa: S101 - there since the plan was made
    row.due, row.again, row.busy_until = True, True, None
    session.flush()


def _letter(address: str, version: int, zone: str, items: list[Item]) -> Letter:
    made_at = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    message = Worklist(version=version, zone=zone, made_at=made_at, items=items)
    return Letter(Address.of(address).down("worklist"), envelope.encode(message))


def _listing(session: Session, store_id: int) -> _Listing:
    """Today's and the next days' open orders of a store, and of nobody else."""
    zone, moment = accounts.store(session, store_id).zone, now()
    first, last = rules.days(moment, zone)
    orders = queries.open_between(session, store_id, first, last)
    made = _items(session, orders, zone)
    items = rules.fitting(made)
    until = (
        _look_again(session, store_id, zone)
        if not orders
        else min(rules.midnight(first + timedelta(days=1), zone), moment + rules.LOOK_AGAIN)
    )
    return _Listing(zone, items, len(orders) - len(items), until)


def _look_again(session: Session, store_id: int, zone: str) -> datetime | None:
    """When the next order comes near enough for an empty list to be made anew; None where there is none."""
    following = queries.first_open_after(session, store_id, rules.days(now(), zone)[1])
    return rules.midnight(following - rules.AHEAD, zone) if following else None


def _items(session: Session, orders: Sequence[Order], zone: str) -> list[Item]:
    """Orders as devices see them; what no device could take is left out."""
    patients = _patients(session, {one.patient_id for one in orders})
    physicians = accounts.names(session, {one.ordered_by for one in orders if one.ordered_by})
    made = [_item(one, patients[one.patient_id], physicians.get(one.ordered_by or 0, ""), zone) for one in orders]
    return sorted((one for one in made if rules.good(one)), key=lambda one: (one.at, one.accession))


def _patients(session: Session, ids: set[int]) -> Mapping[int, Patient]:
    """By the id an order has; an absorbed record's is the one that is open today."""
    found = people.named(session, ids)
    open_now = people.named(session, {one.merged_into for one in found.values() if one.merged_into})
    return {id_: open_now.get(one.merged_into or 0, one) for id_, one in found.items()}


def _item(one: Order, patient: Patient, physician: str, zone: str) -> Item:
    return Item(
        accession=one.accession,
        step_id=one.step_id,
        procedure_id=one.procedure_id,
        study_uid=one.study_uid,
        patient_id=patient.record_number,
        family=rules.plain(patient.family_name),
        given=rules.plain(patient.given_name),
        latin=rules.latin(patient.family_name, patient.given_name),
        birth_date=patient.birth_date.isoformat() if patient.birth_date else "",
        sex=_SEX.get(patient.sex or "", ""),  # type: ignore[arg-type]
        at=rules.at(one.wanted_on, one.wanted_time, zone),
        modality=one.modality,
        station=one.station or "",
        description=one.description,
        laterality=one.laterality,  # type: ignore[arg-type]
        physician=rules.plain(physician),
    )
