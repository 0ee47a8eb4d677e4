"""Alerts: fired once, acknowledged by a person, over by themselves; every step is kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, case, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.operations import conditions, limits, tables, watch
from cloud.operations.choices import Change, Shelf
from cloud.operations.errors import NoSuchAlert
from cloud.operations.models import Alert, AlertChange
from cloud.operations.watch import Condition, Key, Open

PAGE = 50
TOPIC = "operations.alert"
MAIL = "operations.alert.told"  # for whoever writes to people: the id of an alert they have not heard of
# One worker at a time looks at a chain; the first key is this room's own.
_ALONE = text("SELECT pg_try_advisory_xact_lock(20261124, :tenant)")


def look(session: Session, further: Mapping[str, conditions.Source] | None = None) -> int:
    """Compare what is wrong with what is open, and tell what has to be told; how many alerts changed."""
    if not session.scalar(_ALONE, {"tenant": current_tenant()}):
        return 0
    standing = {_key(one): one for one in session.scalars(select(Alert).where(Alert.resolved_at.is_(None)))}
    seen, moment = _seen(session, {**conditions.OURS, **(further or {})}), now()
    decided = watch.decide(
        [Open(key, one.calm_since) for key, one in standing.items()], seen, _damping, _held(session, standing), moment
    )
    changed = _apply(session, decided, standing, moment) + _tell(session, moment)
    if changed:
        announce(session, Fact(topic=TOPIC, tenant_id=current_tenant()))
    return changed


def _key(alert: Alert) -> Key:
    return alert.gateway_id, alert.rule, alert.subject


def _seen(session: Session, sources: Mapping[str, conditions.Source]) -> dict[Key, Condition]:
    holds = limits.limits(session)
    asked = [(ask, holds[rule].amount) for rule, ask in sources.items() if holds[rule].active]
    return {one.key: one for ask, amount in asked for one in ask(session, amount)}


def _damping(rule: str) -> timedelta:
    known = tables.rules().get(rule)
    return timedelta(seconds=known.calm_s if known else 0)


def _held(session: Session, standing: Mapping[Key, Alert]) -> "_Held":
    return _Held(conditions.offline_gateways(session) if standing else frozenset())


class _Held:
    """Of an offline gateway nothing is concluded that only it can say."""

    def __init__(self, offline: frozenset[int]) -> None:
        self._offline = offline

    def __call__(self, key: Key) -> bool:
        rule = tables.rules().get(key[1])
        return rule is not None and rule.heard and key[0] in self._offline


def _apply(session: Session, decided: watch.Decision, standing: Mapping[Key, Alert], moment: datetime) -> int:
    for key in decided.calm:
        standing[key].calm_since = moment
    for key in decided.returned:
        standing[key].calm_since = None
    for key in decided.resolve:
        standing[key].resolved_at = moment
    session.flush()
    steps = ((Change.CALM, decided.calm), (Change.RETURNED, decided.returned), (Change.RESOLVED, decided.resolve))
    rows = [(standing[key].id, change) for change, keys in steps for key in keys]
    rows += [(alert_id, Change.FIRED) for alert_id in _fire(session, decided.fire, moment)]
    _note(session, rows, moment)
    return len(rows)


def _fire(session: Session, found: Sequence[Condition], moment: datetime) -> Iterable[int]:
    if not found:
        return ()
    rows = [
        {
            **{"tenant_id": current_tenant(), "gateway_id": one.gateway_id, "store_id": one.store_id},
            **{"rule": one.rule, "subject": one.subject, "details": one.details, "fired_at": moment},
            "severity": tables.rules()[one.rule].severity,
        }
        for one in found
    ]
    return session.scalars(insert(Alert).returning(Alert.id), rows).all()


def _note(session: Session, rows: Sequence[tuple[int, Change]], moment: datetime) -> None:
    said = [{"tenant_id": current_tenant(), "alert_id": one, "at": moment, "change": change} for one, change in rows]
    if said:
        session.execute(insert(AlertChange), said)


def _tell(session: Session, moment: datetime) -> int:
    """Whom nobody has heard of is told of once; in quiet hours only what is urgent, the rest when they end."""
    hours = limits.quiet(session)
    fresh = Alert.told_at.is_(None) & Alert.resolved_at.is_(None) & Alert.acknowledged_at.is_(None)
    if hours is not None and hours.holds(moment):
        fresh = fresh & Alert.rule.in_([name for name, rule in tables.rules().items() if rule.urgent])
    told = update(Alert).where(fresh).values(told_at=moment).returning(Alert.id)
    ids = session.scalars(told.execution_options(synchronize_session=False)).all()
    _note(session, [(one, Change.TOLD) for one in ids], moment)
    for one in ids:
        announce(session, Fact(topic=MAIL, tenant_id=current_tenant(), subject=str(one)))
    return len(ids)


def acknowledge(session: Session, alert_id: int, *, by: int, note: str | None = None) -> bool:
    """Somebody sees to it. False when somebody does already, or it is over. Raises NoSuchAlert."""
    alert = session.get(Alert, (current_tenant(), alert_id), with_for_update=True)
    if alert is None:
        raise NoSuchAlert(alert_id)
    if alert.acknowledged_at or alert.resolved_at:
        return False
    alert.acknowledged_at, alert.acknowledged_by = now(), by
    session.add(AlertChange(alert_id=alert_id, at=now(), change=Change.ACKNOWLEDGED, by=by, note=note))
    audit.note(session, by=by, verb="acknowledged", kind="alert", subject=alert_id, rule=alert.rule)
    session.flush()
    announce(session, Fact(topic=TOPIC, tenant_id=current_tenant()))
    return True


def counts(session: Session) -> dict[Shelf, int]:
    """How many are open and how many somebody sees to."""
    seen_to = func.count(Alert.acknowledged_at)
    total, acknowledged = session.execute(select(func.count(), seen_to).where(Alert.resolved_at.is_(None))).one()
    return {Shelf.OPEN: total - acknowledged, Shelf.ACKNOWLEDGED: acknowledged}


_WEIGHT = case((Alert.severity == "danger", literal(0, Integer)), else_=1)


def page(session: Session, shelf: Shelf, *, rule: str = "", after: int | None = None) -> Sequence[Alert]:
    """Alerts of a shelf, the newest first; one more than a page where there are more."""
    query = select(Alert).where(_on(shelf)).order_by(Alert.id.desc()).limit(PAGE + 1)
    if rule:
        query = query.where(Alert.rule == rule)
    return session.scalars(query.where(Alert.id < after) if after else query).all()


def _on(shelf: Shelf) -> ColumnElement[bool]:
    if shelf is Shelf.RESOLVED:
        return Alert.resolved_at.is_not(None)
    seen_to = Alert.acknowledged_at.is_not(None) if shelf is Shelf.ACKNOWLEDGED else Alert.acknowledged_at.is_(None)
    return Alert.resolved_at.is_(None) & seen_to


def of_gateways(session: Session, gateway_ids: Sequence[int]) -> dict[int, list[Alert]]:
    """Open alerts by gateway, the weightiest first."""
    query = select(Alert).where(Alert.gateway_id.in_(gateway_ids), Alert.resolved_at.is_(None))
    found: dict[int, list[Alert]] = {}
    for one in session.scalars(query.order_by(_WEIGHT, Alert.id)):
        found.setdefault(one.gateway_id, []).append(one)
    return found


def one(session: Session, alert_id: int) -> Alert:
    """An alert of this chain. Raises NoSuchAlert."""
    found = session.get(Alert, (current_tenant(), alert_id))
    if found is None:
        raise NoSuchAlert(alert_id)
    return found


def changes(session: Session, alert_id: int) -> Sequence[AlertChange]:
    """Its steps, the first first."""
    return session.scalars(select(AlertChange).where(AlertChange.alert_id == alert_id).order_by(AlertChange.id)).all()
