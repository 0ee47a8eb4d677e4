"""Calendars under secret addresses, for telephones and mail programs that fetch them again and again."""

import hashlib
from datetime import timedelta

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.gate import engine, public
from cloud.booking import calendar
from cloud.exchange import queries
from cloud.exchange.errors import NoSuchKey
from cloud.kernel.clock import now
from cloud.schedule import queries as schedule

bp = Blueprint("feeds", __name__)
BACK, AHEAD = timedelta(days=31), timedelta(days=366)


@bp.get("/feeds/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """Visits of a person or a room: types and times, nobody's name. 404 where the address holds no more."""
    try:
        with queries.with_feed(engine(), secret[:100]) as (session, resource_id):
            data = _calendar(session, resource_id)
    except NoSuchKey:
        abort(404)
    tag = hashlib.sha256(data).hexdigest()[:32]
    told = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    if tag in request.if_none_match:
        return Response(status=304, headers=told)
    return Response(data, headers=told, mimetype="text/calendar")


def _calendar(session: Session, resource_id: int) -> bytes:
    visits = queries.busy(session, resource_id, now() - BACK, now() + AHEAD)
    queries.told(session, visits)  # reads the people in one question
    types, language = schedule.types(session), accounts.chain_locale(session)
    titles = [queries.called(types[one.type_id], language) for one in visits]
    return calendar.feed(session, visits, titles, queries.resource_name(session, resource_id))
