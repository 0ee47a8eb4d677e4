"""A browser's way through the pages: begun by a contact, opened by a code, over after an hour."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from cloud.direct import dialling, tables, told
from cloud.direct.choices import Channel, Deed
from cloud.direct.doors import Shop
from cloud.direct.errors import CodeOver, FlowOver, NoContact, TooMany
from cloud.direct.models import Flow, Try
from cloud.direct.told import Told
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant
from cloud.messages import services as messages
from cloud.messages.services import Letter, Purpose, To
from cloud.people import phones
from cloud.people.choices import ContactKind

KEPT = timedelta(days=1)  # how long it is known what was done too often
LONGEST = 254


def contact(typed: str, country: str) -> tuple[Channel, str]:
    """What was typed as a channel and an address: an e-mail folded, a telephone with its country. Raises NoContact."""
    text = typed.strip()
    if "@" in text and len(text) <= LONGEST and phones.fits(ContactKind.EMAIL, text):
        return Channel.EMAIL, phones.normalized(ContactKind.EMAIL, text)
    number = dialling.international(text, country) if "@" not in text else None
    if number is None:
        raise NoContact
    return Channel.PHONE, number


def begin(session: Session, shop: Shop, channel: Channel, address: str, begun: Told) -> tuple[Flow, str, str]:
    """A new flow, with the token that is known to nobody else, and the second one for a cookie."""
    session.execute(delete(Flow).where(Flow.until < now()))
    token, cookie = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    minutes = int(tables.setting("flow", "minutes"))
    flow = Flow(
        store_id=shop.store_id,
        digest=digest(token),
        cookie=digest(cookie),
        channel=channel,
        contact=address,
        told=told.plain(begun),
        until=now() + timedelta(minutes=minutes),
    )
    session.add(flow)
    session.flush()
    return flow, token, cookie


def find(session: Session, store_id: int, token: str, cookie: str, *, lock: bool = False) -> Flow:
    """The flow of a browser. Raises FlowOver.

    A flow that has once seen its cookie wants it ever after: an address that was read over a shoulder opens nothing.
    """
    query = select(Flow).where(Flow.digest == digest(token), Flow.store_id == store_id, Flow.until > now())
    flow = session.scalars(query.with_for_update() if lock else query).first()
    if flow is None or (flow.bound and not _same(flow.cookie, cookie)):
        raise FlowOver
    return flow


def stay(flow: Flow, cookie: str) -> None:
    """Somebody is still there; a browser that brings its cookie along is known by it from now on."""
    flow.bound = flow.bound or _same(flow.cookie, cookie)
    flow.until = now() + timedelta(minutes=int(tables.setting("flow", "minutes")))


def send_code(session: Session, shop: Shop, flow: Flow, language: str, key: str) -> None:
    """Send a fresh code to wherever was named, known or not: nobody is looked up before it was typed."""
    digits = int(tables.setting("code", "digits"))
    code = f"{secrets.randbelow(10**digits):0{digits}}"
    minutes = int(tables.setting("code", "minutes"))
    flow.code, flow.tries = _hidden(flow, code, key), 0
    flow.code_until = now() + timedelta(minutes=minutes)
    session.flush()
    messages.write(
        session,
        Letter(
            to=To(flow.channel, flow.contact, "", language),
            purpose=Purpose.CODE,
            template="code",
            words={"minutes": str(minutes)},
            secret={"code": code},
            key=f"direct code {flow.id} {secrets.token_hex(4)}",
            store_id=shop.store_id,
            until=flow.code_until,
        ),
    )


def check_code(session: Session, flow: Flow, typed: str, key: str) -> int | None:
    """None when it is the code, and the flow is opened; else how many tries are left. Raises CodeOver.

    The try is counted before the code is looked at, in one statement: many at once are many tries.
    """
    most = int(tables.setting("code", "tries"))
    mine = update(Flow).where(Flow.id == flow.id, Flow.tries < most, Flow.code.is_not(None), Flow.code_until > now())
    counted = session.execute(mine.values(tries=Flow.tries + 1).returning(Flow.code, Flow.tries)).first()
    if counted is None:
        raise CodeOver
    code = "".join(phones.telephone(typed))
    if not hmac.compare_digest(counted.code, _hidden(flow, code, key)):
        session.refresh(flow)
        return most - int(counted.tries)
    flow.code, flow.verified_at = None, now()
    session.flush()
    return None


def count(session: Session, who: str, deed: Deed, of: str) -> None:
    """Once more by ``who``; ``of`` is ``address`` or ``contact``. Raises TooMany, and counts nothing then."""
    limit = tables.limit(of, deed)
    if limit is None:
        return
    session.execute(select(func.pg_advisory_xact_lock(current_tenant(), func.hashtext(f"direct {deed} {who}"))))
    recent = select(func.count()).select_from(Try).where(Try.who == who, Try.deed == deed)
    if (session.scalar(recent.where(Try.at > now() - limit.within)) or 0) >= limit.times:
        raise TooMany
    session.execute(delete(Try).where(Try.at < now() - KEPT))
    session.add(Try(who=who, deed=deed))
    session.flush()


def said(flow: Flow) -> Told:
    """What was said so far."""
    return told.read(flow.told)


def keep(session: Session, flow: Flow, so_far: Told) -> None:
    """Keep what was said."""
    flow.told = told.plain(so_far)
    session.flush()


def _hidden(flow: Flow, code: str, key: str) -> str:
    """A short code is hashed with a key the database does not have."""
    return hmac.new(key.encode(), f"direct code {flow.digest} {code}".encode(), hashlib.sha256).hexdigest()


def _same(kept: str | None, cookie: str) -> bool:
    return kept is not None and bool(cookie) and hmac.compare_digest(kept, digest(cookie))
