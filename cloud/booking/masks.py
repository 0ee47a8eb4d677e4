"""Masks: what is free of a resource's day, counted out once and read by whoever searches."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from struct import Struct
from time import monotonic, sleep

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from cloud.booking import asking
from cloud.booking.models import Mask
from cloud.kernel.tenancy import current_tenant
from cloud.schedule import queries as schedule
from cloud.schedule import versions
from cloud.schedule.models import Resource
from cloud.schedule.plan import Plan
from cloud.schedule.versions import Now
from cloud.slots.day import Day, dates
from cloud.slots.layers import Ground

BYTES = 40  # bits enough for a day of 26 hours and more
HEAD = Struct(">qi")  # the resource, and the date in days from EPOCH
ROW = HEAD.size + 2 * BYTES
EPOCH = date(2000, 1, 1)
PATIENCE = 1.0  # seconds for somebody else to count out
TRIES = 5  # as long as somebody changes the schedule meanwhile
READ = text(f"""
    WITH stands AS ({versions.NOW})
    SELECT stands.*, (SELECT count(*) FROM schedule_resource WHERE store_id = store) AS many,
           (SELECT string_agg(int8send(resource_id) || int4send(on_date - DATE '{EPOCH}') || open || free, ''
                              ORDER BY on_date, resource_id)
            FROM booking_mask WHERE store_id = store AND on_date BETWEEN :first AND :last AND version = hours) AS masks
    FROM stands
""")  # noqa: S608

Pair = tuple[int, int]  # hours, and what is free of them


@dataclass(frozen=True)
class Shot:
    """How a store stands, how many resources it has, and what is known of their days, a row of bytes for each."""

    stands: Now
    many: int
    masks: bytes


def shots(session: Session, stores: Collection[int], first: date, last: date) -> dict[int, Shot]:
    """What is known of these days, of many stores, in one question."""
    found = session.execute(READ, {"stores": list(stores), "first": first, "last": last})
    return {one.store: Shot(versions.of_row(one), one.many, one.masks or b"") for one in found}


def whole(session: Session, store_id: int, shot: Shot, first: date, last: date) -> bytes:
    """The same with what was not known, which is counted out now: a row for every resource and day."""
    if _is_whole(shot, first, last):
        return shot.masks
    _queue(session, store_id)
    for _ in range(TRIES):
        shot = shots(session, [store_id], first, last)[store_id]
        if _is_whole(shot, first, last):
            return shot.masks
        _count_out(session, store_id, shot.stands, _lacking(shot, first, last))
    raise RuntimeError(f"the schedule of store {store_id} changes faster than it can be read")


def _is_whole(shot: Shot, first: date, last: date) -> bool:
    return len(shot.masks) == ROW * shot.many * len(dates(first, last))


def _lacking(shot: Shot, first: date, last: date) -> list[date]:
    rows = (HEAD.unpack_from(shot.masks, at) for at in range(0, len(shot.masks), ROW))
    known = Counter(EPOCH + timedelta(days=day) for _resource, day in rows)
    return [on for on in dates(first, last) if known[on] < shot.many]


def _queue(session: Session, store_id: int) -> None:
    """Let one count out what sixty are about to; whoever has waited for long enough does it as well.

    Nobody waits in the database, where a lock that is held meanwhile could close a circle.
    """
    mine = text("SELECT pg_try_advisory_xact_lock(:tenant, hashtext(:store))")
    wanted = {"tenant": current_tenant(), "store": f"booking masks {store_id}"}
    until = monotonic() + PATIENCE
    while not session.scalar(mine, wanted) and monotonic() < until:
        sleep(PATIENCE / 20)


def read(rows: bytes) -> dict[int, Pair]:
    """The rows of one day as numbers, by resource."""
    return dict(_read(rows[at : at + ROW]) for at in range(0, len(rows), ROW))


def _read(row: bytes) -> tuple[int, Pair]:
    resource_id, _day = HEAD.unpack_from(row)
    opened, free = row[HEAD.size : HEAD.size + BYTES], row[HEAD.size + BYTES :]
    return resource_id, (int.from_bytes(opened, "little"), int.from_bytes(free, "little"))


def prove(session: Session, store_id: int, since: date) -> int:
    """Count out anew every day from ``since`` on that is known, and forget what is not true; how many rows were not.

    For whoever holds the store's resources.
    """
    ours = select(Mask).where(Mask.store_id == store_id, Mask.on_date >= since)
    rows = session.scalars(ours.where(Mask.version == versions.now(session, store_id).hours)).all()
    _plan, found = _counted_out(session, store_id, sorted({one.on_date for one in rows})) if rows else (None, {})
    wrong = [one.id for one in rows if _bytes(found[one.on_date][one.resource_id]) != (one.open, one.free)]
    session.execute(delete(Mask).where(Mask.id.in_(wrong)))
    return len(wrong)


def _count_out(session: Session, store_id: int, stands: Now, lacking: list[date]) -> None:
    """Under a lock that keeps everybody's day as it is until this is written down."""
    here = select(Resource.id).where(Resource.store_id == store_id).order_by(Resource.id)
    session.execute(here.with_for_update(read=True)).all()
    plan, found = _counted_out(session, store_id, lacking)
    session.execute(_written(store_id, stands, plan, found))


def _counted_out(session: Session, store_id: int, dates: list[date]) -> tuple[Plan, dict[date, dict[int, Ground]]]:
    plan = schedule.plan(session, store_id, dates[0], dates[-1])
    around = plan.day(dates[0]).begins, plan.day(dates[-1]).ends
    taken = asking.busy(session, plan.resources, around)
    return plan, {on: _counted(plan, taken, plan.day(on)) for on in dates}


def packed(on: date, grounds: Mapping[int, Ground]) -> bytes:
    """A day in the same form."""
    return b"".join(_row(one, on, ground) for one, ground in grounds.items())


def _row(resource_id: int, on: date, ground: Ground) -> bytes:
    return HEAD.pack(resource_id, (on - EPOCH).days) + b"".join(_bytes(ground))


def _bytes(ground: Ground) -> tuple[bytes, bytes]:
    return ground.open.to_bytes(BYTES, "little"), ground.free.to_bytes(BYTES, "little")


def _counted(plan: Plan, taken: asking.Busy, day: Day) -> dict[int, Ground]:
    return {one: asking.ground(plan, taken, day, one) for one in plan.resources}


def _written(store_id: int, stands: Now, plan: Plan, found: dict[date, dict[int, Ground]]) -> Insert:
    rows = [
        {
            "tenant_id": current_tenant(),
            "store_id": store_id,
            "resource_id": resource_id,
            "on_date": on,
            "begins": plan.day(on).begins,
            "ends": plan.day(on).ends,
            "version": stands.hours,
            **dict(zip(("open", "free"), _bytes(ground), strict=True)),
        }
        for on, grounds in found.items()
        for resource_id, ground in grounds.items()
    ]
    fresh = insert(Mask).values(rows)
    changed = {name: fresh.excluded[name] for name in ("version", "begins", "ends", "open", "free")}
    return fresh.on_conflict_do_update(index_elements=["tenant_id", "resource_id", "on_date"], set_=changed)
