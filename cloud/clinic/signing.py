"""Signing, amending and retracting. What is signed is written once, with a digest, and never again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Session

from cloud.clinic import checks, drafting, drawn, measured, queries, recalls
from cloud.clinic.checks import Finding
from cloud.clinic.choices import Act, Level
from cloud.clinic.errors import NothingToSign, SecondPersonNeeded, Unsignable
from cloud.clinic.models import Draft, Encounter, Entry, Observation, Version
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet
from cloud.kernel import audit
from cloud.kernel.clock import now

SCHEMA = "emmetra.record/1"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a signed record changes."""

    code: str
    words: str


def sign(
    session: Session, *, encounter_id: int, by: int, reasons: Mapping[str, str] | None = None, why: Why | None = None
) -> Version:
    """Sign the draft: it becomes the record. ``reasons`` answer findings by their id; ``why`` an amendment needs.

    Raises Locked, NotYours, NothingToSign, Unsignable.
    """
    draft = drafting.mine(session, encounter_id, by)
    visit, sheet = queries.visit(session, encounter_id), queries.drafted(session, draft.id)
    _refuse_nothing(session, visit.version, sheet)
    answered = _answered(checks.findings(session, visit.encounter, sheet), reasons or {})
    act = Act.SIGNED if draft.amends is None else Act.AMENDED
    if act is Act.AMENDED and (why is None or not why.words.strip()):
        raise Unsignable([Finding("amendment", Level.REASON, checks.words_for_amendment())])
    version = _write(session, visit, sheet, act, by=by, why=why, overrides=answered)
    recalls.plan(session, visit.encounter, version, sheet, by)
    _close(session, draft)
    audit.note(session, by=by, verb=act.value, kind="encounter", subject=encounter_id, version=version.number)
    drafting.tell(session, visit.encounter.patient_id)
    return version


def _refuse_nothing(session: Session, version: Version | None, sheet: Sheet) -> None:
    if not sheet:
        raise NothingToSign
    if version is not None and plain(queries.signed(session, version.id)) == plain(sheet):
        raise NothingToSign


def _answered(findings: list[Finding], reasons: Mapping[str, str]) -> list[dict[str, str]]:
    open_ = [
        one
        for one in findings
        if one.level is Level.REFUSE or (one.level is Level.REASON and not reasons.get(one.key, "").strip())
    ]
    if open_:
        raise Unsignable(open_)
    asked = [one for one in findings if one.level is Level.REASON]
    return [{"finding": one.key, "text": one.text, "reason": reasons[one.key].strip()} for one in asked]


def retract(session: Session, *, encounter_id: int, by: int, second: int, why: Why) -> Version:
    """Declare a signed record entered in error; it stays visible. Raises NotSigned, SecondPersonNeeded."""
    queries.standing(session, encounter_id)
    if second == by or not why.words.strip():
        raise SecondPersonNeeded(encounter_id)
    visit = queries.visit(session, encounter_id)
    if visit.draft is not None:
        _close(session, visit.draft)
    version = _write(session, visit, Sheet(), Act.RETRACTED, by=by, why=why, second=second)
    recalls.withdraw(session, encounter_id, by)
    audit.note(session, by=by, verb="retracted", kind="encounter", subject=encounter_id, second=second)
    drafting.tell(session, visit.encounter.patient_id)
    return version


def _write(
    session: Session,
    visit: queries.Visit,
    sheet: Sheet,
    act: Act,
    *,
    by: int,
    why: Why | None,
    second: int | None = None,
    overrides: list[dict[str, str]] | None = None,
) -> Version:
    last, moment = visit.version, now()
    number, previous = (last.number + 1, last.sha256) if last else (1, None)
    reason = {"code": why.code, "words": why.words.strip()} if why else None
    body = canonical(
        {
            "schema": SCHEMA,
            "encounter": _head(visit.encounter),
            **{"number": number, "act": act.value, "previous": previous, "reason": reason},
            **{"signed_by": by, "second_by": second, "signed_at": moment.isoformat()},
            **{"entries": plain(sheet), "overrides": overrides or []},
        }
    )
    version = Version(
        encounter_id=visit.encounter.id,
        number=number,
        act=act.value,
        reason_code=why.code if why else None,
        reason=why.words.strip() if why else None,
        signed_by=by,
        second_by=second,
        signed_at=moment,
        body=body,
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        previous=previous,
    )
    session.add(version)
    session.flush()
    session.add_all(_observation(visit.encounter, version, place, item) for place, item in sheet.items())
    session.add_all(drawn.findings(visit.encounter, version, sheet))
    session.add_all(measured.rows(visit.encounter, version, sheet))
    session.flush()
    return version


def canonical(body: Mapping[str, Any]) -> str:
    """The one way to write a record as text: sorted keys, nothing between, figures as text."""
    return msgspec.json.encode(body, order="sorted").decode()


def plain(sheet: Sheet) -> list[dict[str, Any]]:
    """A record as plain JSON, by place."""
    return [{"place": str(place), **_plain(item)} for place, item in sorted(sheet.items())]


def _plain(item: Item) -> dict[str, Any]:
    value = item.value
    read = {name: part for name, part in zip(value._fields, value, strict=True) if part is not None} if value else {}
    about = {"entered": item.entered, "quality": item.quality.value, "origin": item.origin.value}
    more = {"source": item.source, "device_value": item.device_value, "measured_at": _iso(item.measured_at)}
    return {
        **about,
        **{name: part for name, part in more.items() if part is not None},
        **({} if item.confirmed else {"confirmed": False}),
        **({"value": {k: str(v) if k in ("number", "base") else v for k, v in read.items()}} if read else {}),
        **{"recorded_at": item.changed_at.isoformat(), "recorded_by": item.changed_by},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _head(visit: Encounter) -> dict[str, Any]:
    names = ("id", "patient_id", "episode_id", "store_id", "template", "template_version", "mode", "began_by")
    return {name: getattr(visit, name) for name in names} | {"began_at": visit.began_at.isoformat()}


def _observation(visit: Encounter, version: Version, place: Place, item: Item) -> Observation:
    value = item.value
    return Observation(
        version_id=version.id,
        encounter_id=visit.id,
        patient_id=visit.patient_id,
        element=place.element,
        n=place.n,
        field=place.field,
        side=place.side.value,
        type_version=place.type.version,
        entered=item.entered,
        number=value.number if value else None,
        code=value.code if value else None,
        words=value.text if value else None,
        structure=value.structure if value else None,
        base=value.base if value else None,
        notation=value.notation if value else None,
        unit=place.spec.unit or None,
        measured_at=item.measured_at or visit.began_at,
        recorded_at=item.changed_at,
        recorded_by=item.changed_by,
        origin=item.origin.value,
        source=item.source,
        device_value=item.device_value,
        confirmed=item.confirmed,
        quality=item.quality.value,
    )


def _close(session: Session, draft: Draft) -> None:
    session.execute(delete(Entry).where(Entry.draft_id == draft.id))
    session.execute(delete(Draft).where(Draft.id == draft.id))
    session.expire_all()
