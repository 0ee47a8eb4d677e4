"""Letters are written in the transaction of what they tell; the worker sends them. Nothing is sent here."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.messages import models, queries, texts
from cloud.messages.choices import AGAIN, Channel, Meaning, Purpose, State, Why
from cloud.messages.errors import NoSuchText, NotAgain
from cloud.messages.letters import File, Letter, To
from cloud.people import phones

KEPT_FOR = timedelta(days=7)

__all__ = ["Channel", "File", "Letter", "Meaning", "Purpose", "To", "withdraw", "write"]


def write(session: Session, letter: Letter) -> int:
    """Keep a letter to be sent once this transaction is kept; its id. The same key is written once.

    Raises:
        NoSuchText: no template is called that, or it wants a word that was not given.
    """
    version = texts.current(letter.template)
    to = letter.to
    language = to.language if to else "en"
    if to is not None:
        _complete(letter, version)
    at = letter.at or now()
    row = insert(models.Letter).values(
        tenant_id=current_tenant(),
        key=letter.key,
        store_id=letter.store_id,
        patient_id=letter.patient_id,
        about=letter.about,
        purpose=letter.purpose,
        urgent=letter.urgent,
        **addressed(to),
        language=language,
        others=[asdict(one) for one in letter.others],
        template=letter.template,
        version=version,
        words=dict(letter.words),
        secret=dict(letter.secret) or None if to else None,
        state=State.WAITING if to else State.NOWHERE,
        why=None if to else Why.NO_CONTACT,
        at=at,
        due_at=at,
        until=letter.until,
        ended_at=None if to else now(),
    )
    fresh: int | None = session.scalar(row.on_conflict_do_nothing().returning(models.Letter.id))
    if fresh is None:
        return session.scalars(select(models.Letter.id).where(models.Letter.key == letter.key)).one()
    enclose(session, fresh, letter.files)
    note(session, fresh, "written", why=None if to else Why.NO_CONTACT)
    tell(session, letter.store_id, fresh)
    return fresh


def withdraw(session: Session, about: str) -> int:
    """What is about this and not yet on its way is not sent any more; how many letters that were."""
    waiting = update(models.Letter).where(models.Letter.about == about, models.Letter.state == State.WAITING)
    gone = waiting.values(state=State.WITHDRAWN, secret=None, ended_at=now())
    found = session.execute(gone.returning(models.Letter.id, models.Letter.store_id)).all()
    for letter_id, store_id in found:
        note(session, letter_id, "withdrawn")
        tell(session, store_id, letter_id)
    return len(found)


def send_again(session: Session, letter_id: int, by: int) -> None:
    """A letter that was not sent is tried once more, by somebody's decision. Raises NoSuchLetter, NotAgain."""
    one = queries.letter(session, letter_id, lock=True)
    if not may_again(one):
        raise NotAgain(one.state)
    one.state, one.why, one.said, one.tries, one.ended_at, one.due_at = State.WAITING, None, None, 0, None, now()
    note(session, one.id, "again", by=by)
    audit.note(session, by=by, verb="sent again", kind="letter", subject=one.id, patient=one.patient_id)
    tell(session, one.store_id, one.id)


def may_again(one: models.Letter) -> bool:
    """Whether a letter was not sent, is still of use, and everything it says is still known."""
    wanted = texts.text(one.template, one.version, one.language).wants()
    in_time = one.until is None or one.until > now()
    return one.state in AGAIN and in_time and wanted <= {*one.words, *(one.secret or {})}


def forget(session: Session) -> int:
    """Secrets of letters that ended a while ago without being sent are erased as well; how many letters that were."""
    late = models.Letter.ended_at < now() - KEPT_FOR
    gone = update(models.Letter).where(models.Letter.secret.is_not(None), late).values(secret=null())
    return len(session.execute(gone.returning(models.Letter.id)).all())


def set_manner(session: Session, store_id: int | None, *, by: int, **values: str | int) -> None:
    """How a store writes from now on: ``sender``, ``reply_to``, ``quiet_from`` and ``quiet_to`` in minutes."""
    found = queries.setting(session, store_id)
    if found is None:
        found = models.Setting(store_id=store_id)
        session.add(found)
    for name, value in values.items():
        setattr(found, name, value)
    session.flush()
    told = {name: value for name, value in values.items() if name.startswith("quiet")}
    audit.note(session, by=by, verb="set", kind="letters of a store", subject=store_id, **told)


def addressed(to: To | None) -> dict[str, str | None]:
    """The columns that say where a letter goes."""
    if to is None:
        return {"channel": None, "address": "", "normalized": "", "name": ""}
    channel = Channel(to.channel)
    return {"channel": channel, "address": to.value, "normalized": compared(channel, to.value), "name": to.name[:200]}


def compared(channel: str, value: str) -> str:
    """An address as it is compared."""
    return phones.normalized("mobile" if channel == Channel.PHONE else "email", value)


def enclose(session: Session, letter_id: int, files: Iterable[File]) -> None:
    """Put files to a letter."""
    session.add_all(
        models.Enclosure(letter_id=letter_id, name=one.name, media_type=one.media_type, data=one.data) for one in files
    )
    session.flush()


def note(
    session: Session,
    letter_id: int,
    what: str,
    *,
    why: str | None = None,
    until: datetime | None = None,
    by: int | None = None,
) -> None:
    """Leave a row of what was decided or became of a letter."""
    session.add(models.Step(letter_id=letter_id, what=what, why=why, until=until, by=by))
    session.flush()


def tell(session: Session, store_id: int | None, letter_id: int) -> None:
    """Pages that show it fetch it again."""
    announce(
        session, Fact(topic="messages.letter", tenant_id=current_tenant(), store_id=store_id, subject=str(letter_id))
    )


def _complete(letter: Letter, version: int) -> None:
    given = {*letter.words, *letter.secret}
    for language in texts.LANGUAGES:
        missing = texts.text(letter.template, version, language).wants() - given
        if missing:
            raise NoSuchText(f"{letter.template} wants {', '.join(sorted(missing))}")
