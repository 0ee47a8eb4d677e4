"""Letters about what somebody would like to have: an offer, a request, its answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.booking.models import Offer, Request, Waiting
from cloud.kernel.tenancy import current_tenant
from cloud.messages import reaching, services, spoken
from cloud.messages.services import Channel, Letter, Purpose, To


def offered(session: Session, offer: Offer, token: str) -> None:
    """A time that became free, to somebody who waits; ``token`` claims it."""
    waiting = session.get_one(Waiting, (current_tenant(), offer.waiting_id))
    ways = reaching.ways(session, waiting.patient_id)
    language = ways[0].language if ways else reaching.language(session, waiting.patient_id)
    zone = accounts.store(session, offer.store_id).zone
    words = {
        "when": spoken.when(offer.shown_at, zone, language),
        "zone": spoken.zone(offer.shown_at, zone, language),
        "until": spoken.when(offer.until, zone, language),
        **_whose(session, offer.store_id, reaching.name(session, waiting.patient_id)),
    }
    about = f"offer:{offer.id}"
    _write(
        session, "visit_offer", about, ways, words, offer.store_id, waiting.patient_id, token=token, until=offer.until
    )


def asked(session: Session, request: Request) -> None:
    """That a request has arrived, and by when it is answered."""
    ways, language, name = _who(session, request)
    zone = accounts.store(session, request.store_id).zone
    words = {"until": spoken.when(request.due_at, zone, language), **_whose(session, request.store_id, name)}
    about = f"request:{request.id}"
    _write(session, "request_asked", about, ways, words, request.store_id, request.patient_id)


def proposed(session: Session, request: Request, offers: Sequence[Offer], token: str) -> None:
    """Times to choose from; ``token`` leads to them."""
    ways, language, name = _who(session, request)
    zone = accounts.store(session, request.store_id).zone
    last = max(one.until for one in offers)
    words = {
        "times": "; ".join(spoken.when(one.shown_at, zone, language) for one in offers),
        "zone": spoken.zone(offers[0].shown_at, zone, language),
        "until": spoken.when(last, zone, language),
        **_whose(session, request.store_id, name),
    }
    about, key = f"request:{request.id}", f"{offers[0].id}"
    where = (request.store_id, request.patient_id)
    _write(session, "request_times", about, ways, words, *where, token=token, until=last, key=key)


def declined(session: Session, request: Request) -> None:
    """That the practice cannot; what was waiting to be told about the request is not told any more."""
    ways, _language, name = _who(session, request)
    services.withdraw(session, f"request:{request.id}")
    words = {"why": request.why or "", **_whose(session, request.store_id, name)}
    about = f"request:{request.id}"
    _write(session, "request_declined", about, ways, words, request.store_id, request.patient_id)


def _write(
    session: Session,
    template: str,
    about: str,
    ways: tuple[To, ...],
    words: dict[str, str],
    store_id: int,
    patient_id: int | None,
    *,
    token: str | None = None,
    until: datetime | None = None,
    key: str = "",
) -> None:
    services.write(
        session,
        Letter(
            to=ways[0] if ways else None,
            others=ways[1:],
            purpose=Purpose.CARE,
            template=template,
            words=words,
            secret={"link": f"/b/{token}"} if token else {},
            key=":".join(filter(None, (about, template, key))),
            patient_id=patient_id,
            store_id=store_id,
            about=about,
            until=until,
        ),
    )


def _whose(session: Session, store_id: int, name: str) -> dict[str, str]:
    return {"place": accounts.store(session, store_id).name, "patient": name}


def _who(session: Session, request: Request) -> tuple[tuple[To, ...], str, str]:
    """Ways to whoever asks, the language, and what they are called; of somebody unknown as they said it themselves."""
    if request.patient_id is not None:
        ways = reaching.ways(session, request.patient_id)
        language = ways[0].language if ways else reaching.language(session, request.patient_id)
        return ways, language, reaching.name(session, request.patient_id)
    told = request.person or {}
    language = told.get("language") or accounts.chain_locale(session)
    name = told.get("given") or told.get("family") or ""
    values = ((Channel.EMAIL, told.get("email")), (Channel.PHONE, told.get("phone")))
    return tuple(To(channel, value, name, language) for channel, value in values if value), language, name
