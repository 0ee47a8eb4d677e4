"""Questions about releases, rings and roll-outs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, case, exists, func, literal, select, text
from sqlalchemy.orm import Session, aliased

from cloud.accounts import queries as accounts
from cloud.fleet.models import Gateway, Happening
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant
from cloud.releases.choices import OVER, QUIET_AFTER, Fate
from cloud.releases.errors import NoSuchRelease, NoSuchRollout
from cloud.releases.models import Pick, Piece, Release, Ring, Rollout, RolloutStep, Target
from cloud.releases.rules import USUAL, Share
from cloud.shadow import queries as shadow
from protocols.envelope import decode
from protocols.envelope.release import Manifest, order

FAILED = ("update_returned", "update_refused")
SHOWN = 50


def releases(session: Session) -> list[Release]:
    """Every release, newest version first."""
    return sorted(session.scalars(select(Release)), key=lambda one: order(one.version), reverse=True)


def release(session: Session, release_id: int) -> Release:
    """One of them. Raises NoSuchRelease."""
    found = session.get(Release, release_id)
    if found is None:
        raise NoSuchRelease(release_id)
    return found


def by_version(session: Session, version: str) -> Release | None:
    """The newest release of a version."""
    mine = select(Release).where(Release.version == version)
    return session.scalars(mine.order_by(Release.id.desc()).limit(1)).first()


def made_for(found: Release) -> str:
    """Its platforms, for people."""
    return ", ".join(f"{one.platform} (Python {one.python})" for one in decode(Manifest, found.manifest).archives)


def small(engine: Engine, name: str) -> bytes | None:
    """A manifest by its digest, or its signature by the digest and ``.sig``."""
    column = Release.signature if name.endswith(".sig") else Release.manifest
    with outside(engine) as session:
        return session.scalar(select(column).where(Release.manifest_sha256 == name.removesuffix(".sig")))


def size(engine: Engine, sha256: str) -> int:
    """Bytes of an archive; 0 where there is none."""
    with outside(engine) as session:
        measured = select(func.coalesce(func.sum(func.length(Piece.data)), 0)).where(Piece.sha256 == sha256)
        return int(session.scalar(measured) or 0)


def piece(engine: Engine, sha256: str, number: int) -> bytes:
    """One piece of an archive."""
    with outside(engine) as session:
        mine = select(Piece.data).where(Piece.sha256 == sha256, Piece.number == number)
        return session.scalar(mine) or b""


def has_archive(session: Session, sha256: str) -> bool:
    """Whether an archive is kept already, by another release."""
    return bool(session.scalar(select(exists().where(Piece.sha256 == sha256))))


def rings(session: Session, edition: int | None = None) -> tuple[int, Sequence[Share]]:
    """An edition of the chain's rings, the newest unless one is named; edition 0 are the usual shares."""
    newest = edition if edition is not None else int(session.scalar(select(func.max(Ring.edition))) or 0)
    rows = session.scalars(select(Ring).where(Ring.edition == newest).order_by(Ring.rank)).all()
    if not rows:
        return 0, USUAL
    picked: dict[int, set[int]] = {}
    for pick in session.scalars(select(Pick).where(Pick.ring_id.in_([row.id for row in rows]))):
        picked.setdefault(pick.ring_id, set()).add(pick.gateway_id)
    return newest, [Share(row.percent, frozenset(picked.get(row.id, ()))) for row in rows]


def enrolled(session: Session) -> list[int]:
    """Gateways a release may be told to."""
    return list(session.scalars(select(Gateway.id).where(Gateway.status == "enrolled").order_by(Gateway.id)))


def named(session: Session) -> list[tuple[int, str]]:
    """The same with a name for people: store and gateway."""
    rows = session.execute(select(Gateway.id, Gateway.store_id, Gateway.slug).where(Gateway.status == "enrolled"))
    stores = {one.id: one.name for one in accounts.all_stores(session)}
    return sorted(((row.id, f"{stores[row.store_id]}, {row.slug}") for row in rows), key=lambda one: one[1])


def gateway(session: Session, gateway_id: int) -> Gateway | None:
    """A gateway of the chain."""
    return session.get(Gateway, (current_tenant(), gateway_id))


def gateways(session: Session, ids: Sequence[int]) -> Sequence[Gateway]:
    """Some of them."""
    return session.scalars(select(Gateway).where(Gateway.id.in_(ids))).all()


def rollout(session: Session, rollout_id: int) -> Rollout:
    """One roll-out. Raises NoSuchRollout."""
    found = session.get(Rollout, (current_tenant(), rollout_id))
    if found is None:
        raise NoSuchRollout(rollout_id)
    return found


def rollouts(session: Session, limit: int = SHOWN) -> list[tuple[Rollout, RolloutStep]]:
    """The latest roll-outs, each with its last step, newest first."""
    last = select(func.max(RolloutStep.id)).group_by(RolloutStep.rollout_id)
    query = select(Rollout, RolloutStep).join(RolloutStep, RolloutStep.rollout_id == Rollout.id)
    found = session.execute(query.where(RolloutStep.id.in_(last)).order_by(Rollout.id.desc()).limit(limit))
    return [(one, step) for one, step in found]


def under_way(session: Session) -> Rollout | None:
    """The roll-out that is not over, if there is one."""
    return next((one for one, step in rollouts(session) if step.verb not in OVER), None)


def steps(session: Session, rollout_id: int) -> Sequence[RolloutStep]:
    """What happened to a roll-out, in order."""
    mine = select(RolloutStep).where(RolloutStep.rollout_id == rollout_id)
    return session.scalars(mine.order_by(RolloutStep.id)).all()


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chain and id of every roll-out that is not over, over all chains."""
    with outside(engine) as session:
        return [(row.tenant_id, row.rollout_id) for row in session.execute(text("SELECT * FROM releases_due()"))]


def hold(session: Session, rollout_id: int) -> bool:
    """Keep other workers from this roll-out until the transaction ends; False where one has it."""
    asked = text("SELECT pg_try_advisory_xact_lock(hashtext('releases_rollout'), :id)")
    return bool(session.scalar(asked, {"id": (current_tenant() * 1_000_003 + rollout_id) % 2**31}))


@dataclass(frozen=True, slots=True)
class Fared:
    """A gateway that was told: how it fares, and why not well."""

    gateway_id: int
    ring: int
    slug: str
    store_id: int
    fate: str
    why: str | None
    software: str | None
    ran: str | None
    told_at: datetime


def fared(session: Session, one: Rollout) -> list[Fared]:
    """Every gateway that was told of a roll-out's release, by ring; births and events say how it fares."""
    news = _news(one)
    software = f"emmetra {one.version}"
    silent = and_(Target.online, Gateway.state != "online", Gateway.since < now() - QUIET_AFTER)
    fate = case(
        (Gateway.software == software, literal(Fate.RUNS.value)),
        (news.c.text.is_not(None), literal(Fate.FAILED.value)),
        (silent, literal(Fate.QUIET.value)),
        (Gateway.software == f"{software} on trial", literal(Fate.TRIES.value)),
        else_=literal(Fate.WAITS.value),
    ).label("fate")
    columns = (Target.gateway_id, Target.ring, Gateway.slug, Gateway.store_id, fate, news.c.why)
    query = select(*columns, Gateway.software, Target.ran, Target.told_at)
    query = query.join(Gateway, Gateway.id == Target.gateway_id)
    query = query.outerjoin(news, news.c.gateway_id == Target.gateway_id)
    mine = and_(Target.rollout_id == one.id, Target.back.is_(False))
    found = [Fared(*row) for row in session.execute(query.where(mine).order_by(Target.ring, Gateway.slug, Gateway.id))]
    return _with_refusals(session, found)


def _with_refusals(session: Session, found: list[Fared]) -> list[Fared]:
    """A gateway that tried a release before refuses it at once, in the answer to its document."""
    waiting = [one.gateway_id for one in found if one.fate == Fate.WAITS]
    said = shadow.reported_of(session, waiting) if waiting else {}
    return [replace(one, fate=Fate.FAILED.value, why=why) if (why := _refused(one, said)) else one for one in found]


def _refused(one: Fared, said: Mapping[int, Any]) -> str | None:
    reported = said.get(one.gateway_id)
    if reported is None or reported.arrived_at < one.told_at:
        return None
    key = reported.keys.get("software", {})
    return str(key.get("why") or "rejected") if key.get("state") == "rejected" else None


def _news(one: Rollout) -> Any:
    """The newest failure that each gateway reported of this release since it was told."""
    told = aliased(Target)
    about = Happening.data["manifest_sha256"].astext == one.manifest_sha256
    mine = and_(told.gateway_id == Happening.gateway_id, told.rollout_id == one.id, told.back.is_(False))
    latest = select(func.max(Happening.id)).join(told, mine).where(Happening.code.in_(FAILED), about)
    latest = latest.where(Happening.arrived_at >= told.told_at).group_by(Happening.gateway_id)
    why = Happening.data["why"].astext.label("why")
    return select(Happening.gateway_id, Happening.text, why).where(Happening.id.in_(latest)).subquery()


def told(session: Session, rollout_id: int, *, back: bool = False) -> set[int]:
    """Gateways that were told of it."""
    mine = select(Target.gateway_id).where(Target.rollout_id == rollout_id, Target.back.is_(back))
    return set(session.scalars(mine))


def history(session: Session, gateway_id: int) -> list[Any]:
    """What a gateway was told and what it reported of its software, newest first: moment, what, version, why."""
    codes = (*FAILED, "update_committed")
    heard = select(Happening.at, Happening.code, Happening.data["version"].astext, Happening.data["why"].astext)
    heard = heard.where(Happening.gateway_id == gateway_id, Happening.code.in_(codes))
    was_told = select(Target.told_at, case((Target.back, "told_back"), else_="told"), Rollout.version, literal(None))
    was_told = was_told.join(Rollout, Rollout.id == Target.rollout_id).where(Target.gateway_id == gateway_id)
    rows = [*session.execute(heard.order_by(Happening.id.desc()).limit(SHOWN)), *session.execute(was_told)]
    return sorted(rows, key=lambda row: row[0], reverse=True)[:SHOWN]


def wanted(session: Session, gateway_id: int) -> tuple[str | None, str | None, str | None]:
    """Which version a gateway shall run, and how it answered: applied, pending or rejected, and why."""
    shall = shadow.wanted(session, gateway_id)[0].software
    reported = shadow.reported(session, gateway_id)
    key = reported.keys.get("software", {}) if reported else {}
    return (shall.version, key.get("state"), key.get("why")) if shall else (None, None, None)


def versions(session: Session) -> list[tuple[str | None, int]]:
    """What runs in the chain, and on how many gateways."""
    query = select(Gateway.software, func.count()).where(Gateway.status == "enrolled").group_by(Gateway.software)
    return sorted(((row[0], row[1]) for row in session.execute(query)), key=lambda one: -one[1])
