"""The stream of a store's news to an open page, as server-sent events."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import msgspec
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from cloud.accounts.gate import engine, me, needs
from cloud.fleet import queries as fleet
from cloud.kernel.database import unit_of_work
from cloud.kernel.facts import Fact
from cloud.kernel.live import Closed, Hub, Page

bp = Blueprint("live", __name__)
HUB = "emmetra.hub"


@bp.get("/live")
@needs()
def stream() -> ResponseReturnValue:
    """Everything that happens in the store one works in, until the page goes away."""
    hub: Hub = current_app.extensions[HUB]
    store = me().store
    since = request.headers.get("Last-Event-ID", type=int) or request.args.get("since", 0, type=int)
    events = _events(hub.page(me().tenant_id, since), engine(), me().tenant_id, store.id if store else None)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(events, mimetype="text/event-stream", headers=headers)


def _events(opened: AbstractContextManager[Page], of: Engine, tenant_id: int, store_id: int | None) -> Iterator[str]:
    with opened as page:
        yield "retry: 1000\n\n"
        yield _gateway(of, tenant_id, store_id)
        try:
            while True:
                yield from _next(page.next(), of, tenant_id, store_id)
        except Closed:
            return


def _next(found: tuple[int, Fact] | None, of: Engine, tenant_id: int, store_id: int | None) -> Iterator[str]:
    if found is None:
        yield "event: beat\ndata: {}\n\n"
        return
    number, fact = found
    if fact.store_id not in (None, store_id):
        # whoever looks at the whole chain hears that some gateway has said something, never which
        if fact.topic == "fleet.store":
            yield f"id: {number}\ndata: {_json({'topic': 'fleet.chain'})}\n\n"
        return
    topic = f"{fact.topic}.{fact.subject}" if fact.subject else fact.topic
    yield f"id: {number}\ndata: {_json({'topic': topic})}\n\n"
    if fact.topic == "fleet.store":
        yield _gateway(of, tenant_id, store_id)


def _gateway(of: Engine, tenant_id: int, store_id: int | None) -> str:
    with unit_of_work(of, tenant_id) as session:
        state = fleet.store_state(session, store_id)
    return f"event: gateway\ndata: {_json({'state': state})}\n\n"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
