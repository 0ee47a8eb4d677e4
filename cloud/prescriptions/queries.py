"""Questions about prescriptions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cloud.kernel.clock import local, now
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.prescriptions import canonical
from cloud.prescriptions.choices import Kind, State
from cloud.prescriptions.errors import NoSuchDraft, NoSuchPrescription
from cloud.prescriptions.models import Draft, Drug, Ending, Eye, Lens, Prescription, Proof, Release
from cloud.prescriptions.values import ContactLens, Head, Medicine, SpectacleEye, Written

Struct = TypeVar("Struct", bound=msgspec.Struct)
MOST = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """A prescription with how it stands; ``ending`` says why it is in force no longer."""

    row: Prescription
    written: Written
    ending: Ending | None
    state: State
    replaced_by: int | None = None

    @property
    def id(self) -> int:
        """The row's id."""
        return self.row.id

    @property
    def last_day(self) -> date | None:
        """The last day it may be dispensed on."""
        return self.row.dispense_until or self.row.valid_until


def today(zone: str, moment: datetime | None = None) -> date:
    """The day on the store's calendar; ``zone`` is an IANA name."""
    return local(moment or now(), zone).date()


def of_patient(session: Session, patient_id: int, on: date, *, at: datetime | None = None) -> list[Shown]:
    """Everything ever signed for a patient, newest first, as it stands ``on`` a day; or as it stood at a moment."""
    query = select(Prescription).where(Prescription.patient_id.in_(people.whose(session, patient_id)))
    if at is not None:
        query = query.where(Prescription.issued_at <= at)
    rows = session.scalars(query.order_by(Prescription.issued_at.desc(), Prescription.id.desc()).limit(MOST)).all()
    return _shown(session, rows, on, at)


def one(session: Session, prescription_id: int, on: date) -> Shown:
    """One prescription of this chain. Raises NoSuchPrescription."""
    return _shown(session, [row(session, prescription_id)], on, None)[0]


def row(session: Session, prescription_id: int) -> Prescription:
    """The signed row. Raises NoSuchPrescription."""
    found = session.get(Prescription, (current_tenant(), prescription_id))
    if found is None:
        raise NoSuchPrescription(prescription_id)
    return found


def _shown(session: Session, rows: Sequence[Prescription], on: date, at: datetime | None) -> list[Shown]:
    ids = [one.id for one in rows]
    endings = {one.prescription_id: one for one in _of(session, Ending, ids) if at is None or one.at <= at}
    written = _written(session, rows, ids)
    newer = _newer(session, list(endings))
    return [
        Shown(one, written[one.id], endings.get(one.id), state(one, endings.get(one.id), on), newer.get(one.id))
        for one in rows
    ]


def _newer(session: Session, ids: list[int]) -> dict[int, int]:
    """What replaced each of these."""
    asked = select(Prescription.replaces_id, Prescription.id).where(Prescription.replaces_id.in_(ids))
    return {old: new for old, new in session.execute(asked) if old is not None} if ids else {}


def state(prescription: Prescription, ending: Ending | None, on: date) -> State:
    """How it stands on a day."""
    if ending is not None:
        return State(ending.state)
    until = prescription.valid_until
    return State.EXPIRED if until is not None and until < on else State.IN_FORCE


def _of(session: Session, model: Any, ids: list[int]) -> Sequence[Any]:
    asked = select(model).where(model.prescription_id.in_(ids)).order_by(model.id)
    return session.scalars(asked).all() if ids else ()


def _written(session: Session, rows: Sequence[Prescription], ids: list[int]) -> dict[int, Written]:
    eyes, lenses, drugs = (_grouped(_of(session, model, ids)) for model in (Eye, Lens, Drug))
    return {
        one.id: Written(
            head=_value(Head, one),
            eyes=tuple(_value(SpectacleEye, eye) for eye in _sides(eyes.get(one.id, ()))),
            lenses=tuple(_value(ContactLens, lens) for lens in _sides(lenses.get(one.id, ()))),
            medicines=tuple(_value(Medicine, drug) for drug in sorted(drugs.get(one.id, ()), key=lambda d: d.line)),
        )
        for one in rows
    }


def _grouped(parts: Iterable[Any]) -> dict[int, list[Any]]:
    found = dict[int, list[Any]]()
    for part in parts:
        found.setdefault(part.prescription_id, []).append(part)
    return found


def _sides(parts: Iterable[Any]) -> list[Any]:
    return sorted(parts, key=lambda part: str(part.eye), reverse=True)


def _value(kind: type[Struct], row: Any) -> Struct:
    fields = {name: getattr(row, name) for name in kind.__struct_fields__}
    return msgspec.convert(fields, kind, strict=False)


def is_true(shown: Shown) -> bool:
    """Whether the rows still say what was signed: rebuilt, the canonical text is the one that was hashed."""
    text = canonical.text(shown.written, signed(shown.row))
    return text == shown.row.canonical and canonical.fingerprint(text) == shown.row.sha256


SIGNED = ("key", "patient_id", "store_id", "signed_by", "second_id", "replaces_id", "encounter_id", "element")


def signed(row: Prescription) -> dict[str, Any]:
    """What was signed beside the prescription itself."""
    found = {name: getattr(row, name) for name in SIGNED} | {"findings": row.findings}
    return {**found, "key": str(row.key), "issued_at": row.issued_at.isoformat(timespec="microseconds")}


def last(session: Session, patient_id: int, written: Written) -> Written | None:
    """The last of the same kind that this one may be compared with: near with near, all others with each other."""
    asked = select(Prescription).where(Prescription.patient_id.in_(people.whose(session, patient_id)))
    wrong = select(Ending.prescription_id).where(Ending.state == State.ENTERED_IN_ERROR)
    asked = asked.where(Prescription.kind == written.head.kind, Prescription.id.not_in(wrong))
    if written.head.kind == Kind.SPECTACLE:
        near = func.coalesce(Prescription.use, "") == "near"
        asked = asked.where(near if written.head.use == "near" else ~near)
    rows = session.scalars(asked.order_by(Prescription.issued_at.desc(), Prescription.id.desc()).limit(1)).all()
    found = _shown(session, rows, date.min, None)
    return found[0].written if found else None


def draft(session: Session, key: UUID, staff_id: int, *, to_write: bool = False) -> Draft:
    """A draft of one's own, or another's copy of an outside prescription, to look at. Raises NoSuchDraft."""
    asked = select(Draft).where(Draft.key == key)
    found = session.scalars(asked.with_for_update() if to_write else asked).first()
    if found is None or (found.author_id != staff_id and found.origin == "own"):
        raise NoSuchDraft(key)
    return found


def drafts(session: Session, patient_id: int, staff_id: int) -> Sequence[Draft]:
    """What waits for this patient: one's own drafts, and copies that need a second look."""
    mine = or_(Draft.author_id == staff_id, Draft.origin == "outside")
    asked = select(Draft).where(Draft.patient_id.in_(people.whose(session, patient_id)), Draft.ended_at.is_(None), mine)
    return session.scalars(asked.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(MOST)).all()


def licence(session: Session, staff_id: int) -> str:
    """The licence number somebody last signed with."""
    mine = (Prescription.signed_by == staff_id, Prescription.origin == "own", Prescription.licence != "")
    asked = select(Prescription.licence).where(*mine).order_by(Prescription.issued_at.desc(), Prescription.id.desc())
    return session.scalars(asked.limit(1)).first() or ""


def jurisdiction(session: Session) -> str | None:
    """Where the chain last prescribed by the law of."""
    asked = select(Prescription.jurisdiction).where(Prescription.origin == "own")
    return session.scalars(asked.order_by(Prescription.issued_at.desc(), Prescription.id.desc()).limit(1)).first()


def releases(session: Session, prescription_id: int) -> Sequence[Release]:
    """The copies a patient got, newest first."""
    asked = select(Release).where(Release.prescription_id == prescription_id).order_by(Release.id.desc())
    return session.scalars(asked.limit(MOST)).all()


def proofs(session: Session, prescription_id: int) -> Sequence[Proof]:
    """The papers that were made, newest first."""
    asked = select(Proof).where(Proof.prescription_id == prescription_id).order_by(Proof.id.desc())
    return session.scalars(asked.limit(MOST)).all()
