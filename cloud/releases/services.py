"""Every change to releases, rings and roll-outs."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.releases import proving, queries, rules
from cloud.releases.choices import BATCH, DEEDS, Deed, Fate, Step
from cloud.releases.errors import NotNow, OneAtATime, ReleaseRefused
from cloud.releases.models import Pick, Piece, Release, Ring, Rollout, RolloutStep, Target
from cloud.releases.queries import Fared
from cloud.releases.rules import Counts, Share
from cloud.shadow import services as shadow


def add(session: Session, text: bytes, signature: bytes, archives: dict[str, BinaryIO], keys: Path | None) -> Release:
    """Keep a signed release with its archives, which are given by name; adding it again is harmless.

    Raises ReleaseRefused; whoever calls drops the transaction then.
    """
    manifest = proving.manifest(text, signature, keys)
    digest = hashlib.sha256(text).hexdigest()
    if known := next((one for one in queries.releases(session) if one.manifest_sha256 == digest), None):
        return known
    for listed in manifest.archives:
        if listed.name not in archives:
            raise ReleaseRefused("incomplete", listed.name)
        if queries.has_archive(session, listed.sha256):
            continue

        def keep(number: int, data: bytes, sha256: str = listed.sha256) -> None:
            session.execute(insert(Piece).values(sha256=sha256, number=number, data=data))

        proving.archive(archives[listed.name], listed, keep)
    added = Release(version=manifest.version, manifest_sha256=digest, manifest=text, signature=signature)
    session.add(added)
    session.flush()
    return added


def note_added(session: Session, added: Release, by: int) -> None:
    """Put into the chain's trail who brought a release."""
    audit.note(session, by=by, verb="added", kind="release", subject=added.id, version=added.version)


def set_rings(session: Session, wanted: Sequence[Share], by: int) -> int:
    """Make these the chain's rings, for roll-outs that begin from now on. Returns the edition."""
    edition = queries.rings(session)[0] + 1
    for rank, share in enumerate(wanted):
        ring = Ring(edition=edition, rank=rank, percent=share.percent, set_by=by)
        session.add(ring)
        session.flush()
        session.add_all(Pick(ring_id=ring.id, gateway_id=one) for one in sorted(share.picked))
    session.flush()
    told = [share.percent for share in wanted]
    audit.note(session, by=by, verb="set", kind="rings", subject=edition, shares=told)
    return edition


def begin(
    session: Session, release: Release, *, url: str, soak_minutes: int, fail_percent: int, quiet_percent: int, by: int
) -> Rollout:
    """Let a release go through the rings; the worker tells the gateways. Raises OneAtATime."""
    session.execute(_ONE_AT_A_TIME, {"chain": current_tenant()})
    if queries.under_way(session) is not None:
        raise OneAtATime
    edition, _ = queries.rings(session)
    limits = {"soak_minutes": soak_minutes, "fail_percent": fail_percent, "quiet_percent": quiet_percent}
    what = {"version": release.version, "manifest_sha256": release.manifest_sha256, "url": url}
    started = Rollout(**what, **limits, edition=edition, started_by=by)
    session.add(started)
    session.flush()
    note(session, started, Step.STARTED, by=by)
    return started


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('releases_begin'), :chain)")


def note(session: Session, rollout: Rollout, verb: Step, *, by: int | None = None, **about: Any) -> RolloutStep:
    """One more step; what a person did goes into the trail as well."""
    step = RolloutStep(rollout_id=rollout.id, verb=verb.value, by=by, **about)
    session.add(step)
    session.flush()
    if by is not None or verb is Step.STOPPED:
        audit.note(session, by=by, verb=verb.value, kind="rollout", subject=rollout.id, version=rollout.version)
    tell(session, rollout)
    return step


def tell(session: Session, rollout: Rollout) -> None:
    """Open pages fetch their living part again."""
    announce(session, Fact(topic="releases.rollout", tenant_id=rollout.tenant_id, subject=str(rollout.id)))


def steer(session: Session, rollout_id: int, deed: Deed, by: int, why: str = "") -> RolloutStep:
    """Pause, resume, stop, or go back. Raises NoSuchRollout, NotNow."""
    rollout = queries.rollout(session, rollout_id)
    session.execute(_ONE_AT_A_TIME, {"chain": current_tenant()})
    last = queries.steps(session, rollout_id)[-1]
    verb, after = DEEDS[deed]
    other = queries.under_way(session)
    if last.verb not in after or (other is not None and other.id != rollout_id):
        raise NotNow(last.verb)
    counts = Counts.of([one.fate for one in queries.fared(session, rollout)])
    numbers = {**counts.numbers(), "bad": counts.failed + counts.quiet}
    return note(session, rollout, verb, by=by, why=why or None, numbers=numbers)


def choose(session: Session, gateway_id: int, release: Release, *, url: str, by: int, ran: str | None) -> None:
    """Let one gateway take a release now, outside any roll-out; an older one too."""
    wish = software(release.version, release.manifest_sha256, url, back=rules.is_older(release.version, ran))
    shadow.set_part(session, gateway_id, "software", wish, by)


def software(version: str, manifest_sha256: str, url: str, *, back: bool = False) -> dict[str, Any]:
    """The key of a gateway's document that names its release."""
    wish = {"version": version, "manifest_sha256": manifest_sha256, "url": url}
    return {**wish, "back": True} if back else wish


def forward(session: Session, rollout: Rollout) -> bool:
    """What is due of one roll-out; False when nothing is."""
    steps = queries.steps(session, rollout.id)
    if steps[-1].verb == Step.GOING_BACK:
        return _go_back(session, rollout)
    if steps[-1].verb not in (Step.STARTED, Step.RING, Step.RESUMED):
        return False
    shares = queries.rings(session, rollout.edition)[1]
    members = rules.rings(shares, queries.enrolled(session), rollout.id)
    reached = next((step for step in reversed(steps) if step.verb == Step.RING), None)
    fates = queries.fared(session, rollout)
    if (why := _limit(rollout, fates, reached.ring if reached else None, _watched_from(steps))) is not None:
        note(session, rollout, Step.STOPPED, why=why, ring=reached.ring if reached else None, numbers=_numbers(fates))
        return True
    told = {one.gateway_id for one in fates}
    if reached is None:
        return _open_ring(session, rollout, 0, fates)
    missing = [one for rank in range((reached.ring or 0) + 1) for one in members[rank] if one not in told]
    if missing:
        _tell_some(session, rollout, missing[:BATCH], members)
        return True
    return _next_ring(session, rollout, reached, fates, len(members))


def _watched_from(steps: Sequence[RolloutStep]) -> int:
    """Failures that a person has seen and resumed in spite of are not held against the roll-out again."""
    resumed = next((step for step in reversed(steps) if step.verb == Step.RESUMED), None)
    return int(resumed.numbers.get("bad", 0)) if resumed else 0


def _limit(rollout: Rollout, fates: Sequence[Fared], ring: int | None, seen: int) -> str | None:
    total = Counts.of([one.fate for one in fates])
    here = Counts.of([one.fate for one in fates if one.ring == ring])
    if total.failed + total.quiet <= seen:
        return None
    limits = (rollout.fail_percent, rollout.quiet_percent)
    return rules.stops(here, *limits) or rules.stops(total, *limits)


def _numbers(fates: Sequence[Fared]) -> dict[str, int]:
    return Counts.of([one.fate for one in fates]).numbers()


def _open_ring(session: Session, rollout: Rollout, ring: int, fates: Sequence[Fared]) -> bool:
    note(session, rollout, Step.RING, ring=ring, numbers=_numbers(fates))
    return True


def _next_ring(session: Session, rollout: Rollout, reached: RolloutStep, fates: Sequence[Fared], count: int) -> bool:
    here = Counts.of([one.fate for one in fates if one.ring == reached.ring])
    if not rules.is_done(here, reached.at, timedelta(minutes=rollout.soak_minutes), now()):
        return False
    ring = (reached.ring or 0) + 1
    if ring < count:
        return _open_ring(session, rollout, ring, fates)
    note(session, rollout, Step.FINISHED, numbers=_numbers(fates))
    return True


def _tell_some(session: Session, rollout: Rollout, some: Collection[int], members: Sequence[Sequence[int]]) -> None:
    rank = {one: at for at, ring in enumerate(members) for one in ring}
    wish = software(rollout.version, rollout.manifest_sha256, rollout.url)
    for gateway in queries.gateways(session, list(some)):
        older = rules.is_older(rollout.version, gateway.software)
        shadow.set_part(session, gateway.id, "software", {**wish, "back": True} if older else wish, None)
        about = {"ring": rank[gateway.id], "ran": gateway.software, "online": gateway.state == "online"}
        session.add(Target(rollout_id=rollout.id, gateway_id=gateway.id, **about))
    session.flush()
    tell(session, rollout)


def _go_back(session: Session, rollout: Rollout) -> bool:
    """Take the release back from everybody who was told of it, whether it runs there or waits."""
    done = queries.told(session, rollout.id, back=True)
    left = [one for one in queries.fared(session, rollout) if one.gateway_id not in done]
    for one in left[:BATCH]:
        before = queries.by_version(session, rules.version_of(one.ran or ""))
        stem = rollout.url.rpartition("/")[0]
        wish = before and software(
            before.version, before.manifest_sha256, f"{stem}/{before.manifest_sha256}", back=True
        )
        shadow.set_part(session, one.gateway_id, "software", wish if one.fate != Fate.FAILED else None, None)
        about = {"ring": one.ring, "ran": one.software, "online": True, "back": True}
        session.add(Target(rollout_id=rollout.id, gateway_id=one.gateway_id, **about))
    session.flush()
    if len(left) <= BATCH:
        note(session, rollout, Step.GONE_BACK, numbers=_numbers(queries.fared(session, rollout)))
    return True
