"""What is wrong in a chain now, rule by rule: one statement each, whatever the number of gateways."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Executable, Float, cast, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from cloud.enrolment import queries as enrolment
from cloud.fleet.models import Gateway, Happening, Instrument
from cloud.kernel.clock import now
from cloud.operations.watch import Condition
from cloud.shadow.models import ReportedChange
from cloud.telemetry.models import Sample

# A rule's conditions, given its amount in its own unit.
Source = Callable[[Session, int], Iterator[Condition]]
DISK, MIB, LATELY = "disk_free_bytes", 1024 * 1024, 60  # minutes in which a look is still one at the present
RULED = ("config_reverted",)  # alarms with a rule of their own: one trouble is one alert
FAILED = ("update_returned", "update_refused")
UPDATES, NEWS = (*FAILED, "update_committed"), timedelta(days=14)
ONLINE: ColumnElement[bool] = Gateway.state == "online"


def _about(session: Session, rule: str, query: Executable, subject: str = "") -> Iterator[Condition]:
    """Rows (gateway_id, store_id, then what the sentence says) as conditions."""
    for row in session.execute(query):
        said = {str(name): _plain(value) for name, value in list(row._mapping.items())[2:]}
        yield Condition(row[0], row[1], rule, str(said.get(subject, ""))[:80], said)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _ago(minutes: int) -> datetime:
    return now() - timedelta(minutes=minutes)


def offline(session: Session, minutes: int) -> Iterator[Condition]:
    """Gateways that were there and are not."""
    gone = (Gateway.state == "offline") & (Gateway.since < _ago(minutes))
    yield from _about(session, "offline", select(Gateway.id, Gateway.store_id, Gateway.since).where(gone))


def outbox(session: Session, minutes: int) -> Iterator[Condition]:
    """Gateways that are there and do not get rid of their rows."""
    stuck = ONLINE & (Gateway.depth > 0) & (Gateway.oldest_at < _ago(minutes))
    said = (Gateway.depth, Gateway.oldest_at.label("since"))
    yield from _about(session, "outbox", select(Gateway.id, Gateway.store_id, *said).where(stuck))


def clock(session: Session, minutes: int) -> Iterator[Condition]:
    """Gateways that have been there for a while and still do not know the time."""
    wrong = ONLINE & Gateway.clock_state.is_not(None) & (Gateway.clock_state != "synced")
    said = Gateway.clock_state.label("state")
    query = select(Gateway.id, Gateway.store_id, said).where(wrong, Gateway.since < _ago(minutes))
    yield from _about(session, "clock", query)


def instrument_lost(session: Session, minutes: int) -> Iterator[Condition]:
    """Instruments whose gateway has lost them."""
    lost = (Instrument.state == "lost") & (Instrument.since < _ago(minutes))
    said = (Instrument.dev, Instrument.lane, Instrument.since)
    query = select(Instrument.gateway_id, Instrument.store_id, *said).where(lost)
    yield from _about(session, "instrument_lost", query, subject="dev")


def gateway_alarm(session: Session, _amount: int) -> Iterator[Condition]:
    """Alarms of the gateways themselves; each line is a code and a sentence."""
    ringing = select(Gateway.id, Gateway.store_id, Gateway.alarms).where(func.jsonb_array_length(Gateway.alarms) > 0)
    for gateway_id, store_id, lines in session.execute(ringing.where(ONLINE)):
        for line in lines:
            code, _colon, said = str(line).partition(":")
            if code in RULED:
                continue
            details = {"code": code[:80], "text": (said or code).strip()}
            yield Condition(gateway_id, store_id, "gateway_alarm", code[:80], details)


def certificate(session: Session, days: int) -> Iterator[Condition]:
    """Certificates that end within so many days and were not renewed."""
    near = {one: ends for one, ends in enrolment.ends(session).items() if ends < now() + timedelta(days=days)}
    query = select(Gateway.id, Gateway.store_id).where(Gateway.id.in_(near), Gateway.status == "enrolled")
    for gateway_id, store_id in session.execute(query) if near else ():
        yield Condition(gateway_id, store_id, "certificate", "", {"since": near[gateway_id].isoformat()})


def disk(session: Session, megabytes: int) -> Iterator[Condition]:
    """Gateways whose last look at themselves, of the last minutes, shows a disk that is nearly full."""
    free = cast(Sample.figures[DISK].astext, Float).label("free")
    lately = (Sample.gateway_id == Gateway.id, Sample.arrived_at > _ago(LATELY), free.is_not(None))
    looked = select(free).where(*lately).order_by(Sample.at.desc()).limit(1).lateral()
    query = select(Gateway.id, Gateway.store_id, looked.c.free).join(looked, true())
    for gateway_id, store_id, left in session.execute(query.where(looked.c.free < megabytes * MIB, ONLINE)):
        yield Condition(gateway_id, store_id, "disk", "", {"free": int(left) // MIB})


def update_failed(session: Session, _amount: int) -> Iterator[Condition]:
    """Gateways whose last news of an update, of the last days, is that it did not hold."""
    told = select(Happening).where(Happening.code.in_(UPDATES), Happening.at > now() - NEWS)
    newest = told.ext(distinct_on(Happening.gateway_id)).order_by(
        Happening.gateway_id, Happening.at.desc(), Happening.id.desc()
    )
    failed = [one for one in session.scalars(newest) if one.code in FAILED]
    mine = select(Gateway.id, Gateway.store_id).where(Gateway.id.in_([one.gateway_id for one in failed]))
    stores = {row.id: row.store_id for row in session.execute(mine)} if failed else {}
    for one in failed:
        if one.gateway_id in stores:
            said = {"version": one.data.get("version", ""), "why": one.data.get("why", one.text)}
            yield Condition(one.gateway_id, stores[one.gateway_id], "update_failed", str(said["version"])[:80], said)


def config_reverted(session: Session, _amount: int) -> Iterator[Condition]:
    """Gateways that went back from a configuration, or would not have it."""
    mine = select(ReportedChange).where(ReportedChange.gateway_id == Gateway.id)
    newest = mine.order_by(ReportedChange.id.desc()).limit(1).lateral()
    query = select(Gateway.id, Gateway.store_id, newest.c.asked, newest.c.why).join(newest, true())
    for gateway_id, store_id, version, why in session.execute(
        query.where(newest.c.state.in_(("reverted", "rejected")))
    ):
        details = {"version": version, "why": why or ""}
        yield Condition(gateway_id, store_id, "config_reverted", str(version), details)


OURS: Mapping[str, Source] = {
    "offline": offline,
    "outbox": outbox,
    "clock": clock,
    "instrument_lost": instrument_lost,
    "gateway_alarm": gateway_alarm,
    "certificate": certificate,
    "disk": disk,
    "update_failed": update_failed,
    "config_reverted": config_reverted,
}


def offline_gateways(session: Session) -> frozenset[int]:
    """Ids of those that cannot say now whether something is over."""
    return frozenset(session.scalars(select(Gateway.id).where(Gateway.state != "online")))
