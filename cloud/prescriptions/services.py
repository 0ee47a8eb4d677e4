"""Every change in the prescriptions room: drafts, signing, endings, releases."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.prescriptions import canonical, queries
from cloud.prescriptions.checks import whole
from cloud.prescriptions.checks.finding import Finding
from cloud.prescriptions.choices import Handed, Kind, Origin, ReleaseForm, Severity, State
from cloud.prescriptions.errors import AlreadyEnded, DraftEnded, NoSuchDraft, NotIssuable, ReasonNeeded
from cloud.prescriptions.models import Draft, Drug, Ending, Eye, Lens, Prescription, Release
from cloud.prescriptions.values import Written, plain


def begin(session: Session, *, key: UUID, patient_id: int, store_id: int, kind: Kind, by: int, **more: Any) -> Draft:
    """A new draft; ``more`` names origin, what it replaces, and the encounter and element it is written from.

    Raises:
        NoSuchDraft: the key is somebody else's, or what it is written from does not exist.
    """
    draft = Draft(key=key, patient_id=patient_id, store_id=store_id, kind=kind, author_id=by, entered={}, **more)
    draft.origin = draft.origin or Origin.OWN
    draft.saved_at = now()
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        raise NoSuchDraft(key) from None
    return draft


def save(draft: Draft, entered: Mapping[str, str]) -> None:
    """Keep what is typed at this moment. Raises DraftEnded."""
    if draft.ended_at is not None:
        raise DraftEnded(draft.key)
    draft.entered, draft.saved_at = dict(entered), now()


def discard(session: Session, draft: Draft, *, by: int) -> None:
    """End a draft without a prescription. Raises DraftEnded."""
    if draft.ended_at is not None:
        raise DraftEnded(draft.key)
    draft.ended_at = now()
    audit.note(session, by=by, verb="discarded", kind="prescription_draft", subject=draft.key)


def issue(
    session: Session,
    draft: Draft,
    written: Written,
    findings: Iterable[Finding],
    reasons: Mapping[str, str],
    *,
    by: int,
    second: int | None = None,
) -> Prescription:
    """Sign: from here on nothing changes. What it replaces is superseded in the same breath.

    Raises:
        DraftEnded: it was issued or discarded already.
        NotIssuable: a finding refuses it or has no reason.
        AlreadyEnded: what it should replace is in force no longer.
    """
    if draft.ended_at is not None:
        raise DraftEnded(draft.key)
    findings = tuple(findings)
    if unmet := whole.unmet(findings, reasons):
        raise NotIssuable(unmet)
    row = _signed(session, draft, written, _kept(findings, reasons), by, second)
    draft.ended_at, draft.prescription_id = row.issued_at, row.id
    if draft.replaces_id is not None:
        why = reasons.get("replaces") or ""
        end(session, draft.replaces_id, State.SUPERSEDED, reason="changed", why=why, by=by)
    audit.note(session, by=by, verb="issued", kind="prescription", subject=row.id, patient_id=draft.patient_id)
    return row


def _kept(findings: tuple[Finding, ...], reasons: Mapping[str, str]) -> list[dict[str, str]]:
    weighed = [one for one in findings if one.severity != Severity.REFUSE]
    return [
        {
            **{"id": one.id, "place": one.place, "severity": one.severity.value, "said": one.words("en")},
            "reason": reasons.get(one.name, "") if one.severity == Severity.REASON else "",
        }
        for one in weighed
    ]


def _signed(
    session: Session, draft: Draft, written: Written, findings: list[dict[str, str]], by: int, second: int | None
) -> Prescription:
    row = Prescription(
        **msgspec.structs.asdict(written.head),
        key=draft.key,
        patient_id=draft.patient_id,
        store_id=draft.store_id,
        signed_by=by,
        second_id=second,
        replaces_id=draft.replaces_id,
        encounter_id=draft.encounter_id,
        element=draft.element,
        findings=findings,
        issued_at=now(),
    )
    row.canonical = canonical.text(written, queries.signed(row))
    row.sha256 = canonical.fingerprint(row.canonical)
    session.add(row)
    session.flush()
    _parts(session, row.id, written)
    return row


def _parts(session: Session, prescription_id: int, written: Written) -> None:
    for model, values in ((Eye, written.eyes), (Lens, written.lenses), (Drug, written.medicines)):
        for one in values:
            session.add(model(prescription_id=prescription_id, **_columns(one)))
    session.flush()


def _columns(value: msgspec.Struct) -> dict[str, Any]:
    fields = msgspec.structs.asdict(value)
    return fields | {"taper": plain(fields["taper"])} if "taper" in fields else fields


def end(
    session: Session,
    prescription_id: int,
    state: State,
    *,
    reason: str,
    why: str,
    by: int,
) -> Ending:
    """Say why a prescription is in force no longer.

    Raises:
        ReasonNeeded: no words say why.
        AlreadyEnded: it was ended before.
    """
    if state != State.SUPERSEDED and not why.strip():
        raise ReasonNeeded
    told = {"reason": reason, "why": why.strip(), "by": by, "at": now()}
    ending = Ending(prescription_id=prescription_id, state=state, **told)
    try:
        with session.begin_nested():
            session.add(ending)
    except IntegrityError:
        raise AlreadyEnded(prescription_id) from None
    audit.note(session, by=by, verb=state.value, kind="prescription", subject=prescription_id, reason=reason)
    return ending


def release(
    session: Session,
    prescription_id: int,
    *,
    handed: Handed,
    form: ReleaseForm,
    received_by: str,
    evidence: str = "",
    by: int,
) -> Release:
    """Keep that the patient got a copy, and how that is proven."""
    more = {"received_by": received_by, "evidence": evidence, "by": by, "at": now()}
    made = Release(prescription_id=prescription_id, handed=handed, form=form, **more)
    session.add(made)
    session.flush()
    audit.note(session, by=by, verb="released", kind="prescription", subject=prescription_id, form=form.value)
    return made


def looked(session: Session, *, patient_id: int, by: int) -> None:
    """Whoever looks at a chart is in the trail."""
    audit.note(session, by=by, verb="looked", kind="patient", subject=patient_id)
