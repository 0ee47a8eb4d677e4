"""Taking a gateway's identity away, and moving it to another store."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from cloud.enrolment import issuing, queries, services
from cloud.enrolment.choices import KICK_AGAIN_SECONDS, Standing, Step, Why
from cloud.enrolment.errors import NameTaken, NoSuchGateway
from cloud.enrolment.models import Certificate, Kick
from cloud.fleet import commands
from cloud.fleet import queries as fleet
from cloud.fleet import services as gateways
from cloud.fleet.errors import OrderUnderWay
from cloud.kernel.clock import now
from cloud.shadow import services as shadow
from cloud.worklist import services as worklist

# Whoever ends connections listens here.
KICKS = "emmetra_kicks"
TELL = text(f"SELECT pg_notify('{KICKS}', :address)")


def revoke(session: Session, gateway_id: int, *, by: int, why: Why, remark: str = "") -> None:
    """Nothing this gateway says is taken in, its connection ends, its certificates are on the list.

    A claim for a replacement brings it back. Raises NoSuchGateway.
    """
    claims = queries.live_claims_of(session, gateway_id)  # claims, gateway, certificates: in this order everywhere
    if fleet.gateway(session, gateway_id, hold=True) is None:
        raise NoSuchGateway(gateway_id)
    gateways.set_status(session, gateway_id, "revoked")
    worklist.stir_gateway(session, gateway_id)
    revoked = withdraw(session, gateway_id, by=by, why=why, remark=remark, again=KICK_AGAIN_SECONDS)
    for claim in claims:
        claim.state = Step.CANCELLED.value
    details = {"why": why.value, "certificates": [one.serial_number for one in revoked]}
    services.passed(session, gateway_id, "revoked", by, details)


def withdraw(
    session: Session, gateway_id: int, *, by: int | None, why: Why, remark: str = "", again: Sequence[int] = ()
) -> list[Certificate]:
    """Revoke what a gateway has, and end what is connected under its names, ``again`` after so many seconds."""
    good = list(queries.good(session, gateway_id))
    queries.call_off_kicks(session, gateway_id)
    for one in good:
        one.state, one.revoked_at, one.revoked_by = Standing.REVOKED.value, now(), by
        one.why, one.remark = why.value, remark.strip() or None
    session.flush()
    for address in sorted({one.address for one in good} | {str(issuing.address_of(session, gateway_id))}):
        kick(session, gateway_id, address, again)
    return good


def kick(session: Session, gateway_id: int, address: str, again: Sequence[int]) -> None:
    """Have whoever is connected under this name shown out, once this transaction is kept."""
    at = now()
    session.add(Kick(gateway_id=gateway_id, address=address, again=list(again), asked_at=at, due_at=at))
    session.flush()
    session.execute(TELL, {"address": address})


def kicked(session: Session, kick: Kick) -> None:
    """It was shown out; what comes back before the broker knows of the revocation is shown out again."""
    kick.done_at = now()
    kick.due_at = kick.asked_at + timedelta(seconds=kick.again[0]) if kick.again else None
    kick.again = kick.again[1:]
    session.flush()


def move(session: Session, gateway_id: int, store_id: int, *, by: int) -> None:
    """The gateway belongs to another store; its next certificate says so, until then it speaks under the old name.

    Raises NoSuchGateway, NoSuchStore, NameTaken, NotAName.
    """
    gateway = fleet.gateway(session, gateway_id, hold=True)
    if gateway is None:
        raise NoSuchGateway(gateway_id)
    named = fleet.gateway_named(session, store_id, gateway.slug)
    if named is not None:
        raise NameTaken(gateway.slug)
    services.name_is_free(session, store_id, gateway.slug, gateway_id)
    left = gateway.store_id
    gateways.move_to_store(session, gateway_id, store_id)
    services.passed(session, gateway_id, "moved", by, {"store": store_id, "left": left})
    shadow.say_again(session, gateway_id)
    worklist.stir_gateway(session, gateway_id)
    call_to_renew(session, gateway_id, left, by=by)


def call_to_renew(session: Session, gateway_id: int, heard_in: int, *, by: int) -> None:
    """Tell a gateway under its old name, that of the store ``heard_in``, to fetch its new one."""
    gateway = fleet.gateway(session, gateway_id)
    if gateway is not None and queries.good(session, gateway_id):
        with contextlib.suppress(OrderUnderWay):
            commands.command(session, gateway, "renew", by=by, store_id=heard_in)


def spoke_under_old_name(session: Session, gateway_id: int, heard_in: int) -> None:
    """A gateway came that did not hear of its move: whoever moved it tells it again."""
    gateway, mover = fleet.gateway(session, gateway_id), queries.mover(session, gateway_id)
    if gateway is not None and gateway.store_id != heard_in and mover is not None:
        call_to_renew(session, gateway_id, heard_in, by=mover)
