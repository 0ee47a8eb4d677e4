"""What this room and those below bring to a patient's timeline: visits, readings, recalls."""

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.clinic import grid, queries, recalls, wording
from cloud.clinic.models import Encounter, Recall
from cloud.clinic.timeline import Asked, Happening, Source
from cloud.readings import queries as readings
from cloud.web import times
from cloud.web.cards import card_of
from cloud.web.languages import current_language
from protocols.readings import from_json


def visits(session: Session, asked: Asked) -> Iterator[Happening]:
    """Examinations by when they began."""
    where = asked.earlier("visits", Encounter.began_at, Encounter.id)
    for one in queries.visits(session, asked.patient_ids, limit=asked.limit, where=where):
        visit, version = one.encounter, one.version
        yield Happening(
            visit.began_at,
            "visits",
            str(visit.id),
            grid.template_title(visit.template, current_language()),
            href=url_for("clinic.record", encounter_id=visit.id),
            by=version.signed_by if version else visit.began_by,
            pill=one.state,
        )


def heard(session: Session, asked: Asked) -> Iterator[Happening]:
    """Readings filed to the patient, by when the gateway heard them."""
    narrowed = partial(asked.earlier, "readings", read=UUID)
    for row in readings.heard(session, asked.patient_ids, narrowed, asked.limit):
        said = from_json(row.body.encode())
        yield Happening(
            row.captured_at,
            "readings",
            str(row.reading_id),
            card_of(said).title,
            text=f"{said.instrument.maker} {said.instrument.model}".strip(),
            href=url_for("readings.reading", reading_id=row.reading_id),
        )


def planned(session: Session, asked: Asked) -> Iterator[Happening]:
    """Recalls by when they were planned."""
    query = select(Recall).where(Recall.patient_id.in_(asked.patient_ids))
    query = query.where(asked.earlier("recalls", Recall.made_at, Recall.id))
    found = session.scalars(query.order_by(Recall.made_at.desc(), Recall.id.desc()).limit(asked.limit)).all()
    for one in recalls.standing(session, found):
        yield Happening(
            one.recall.made_at,
            "recalls",
            str(one.recall.id),
            _("Recall due %(day)s", day=times.day(one.recall.due_on)),
            text=wording.choice_words(recalls.ELEMENT, "reason", one.recall.reason, current_language()),
            href=url_for("clinic.record", encounter_id=one.recall.encounter_id),
            pill=one.state.value,
        )


OURS: Sequence[Source] = (
    Source("visits", lambda: str(_("Examinations")), May.SEE_RECORD, visits),
    Source("readings", lambda: str(_("Readings")), May.SEE_READINGS, heard),
    Source("recalls", lambda: str(_("Recalls")), May.SEE_RECALLS, planned),
)
