"""The application: rooms put together, the door in front, the frame around."""

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Response, request
from flask_smorest import Api
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import BadRequest, ServiceUnavailable

import cloud.accounts.views
import cloud.calculators.views
import cloud.clinic.views
import cloud.clinic.views.api
import cloud.fleet.views
import cloud.imports.views
import cloud.live
import cloud.people.views
import cloud.prescriptions.api
import cloud.prescriptions.verifying
import cloud.prescriptions.views
import cloud.readings.api
import cloud.readings.paper
import cloud.readings.phoropter
import cloud.readings.views
import cloud.whole.views
from cloud import frame
from cloud.accounts.gate import engine, install_gate, needs, public
from cloud.clinic import happened, timeline
from cloud.demo import read_accounts
from cloud.kernel.database import app_engine, outside
from cloud.kernel.live import Hub
from cloud.kernel.settings import Settings
from cloud.prescriptions import happened as prescribed
from cloud.web import install
from cloud.web.error_pages import refused

log = logging.getLogger(__name__)

API = {
    "API_TITLE": "Emmetra",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def create_app(settings: Settings) -> Flask:
    """Make the application; nothing is connected before the first request."""
    app = Flask("cloud", static_folder=None)
    app.config.update(API)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="emmetra",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        IMPORT_ROWS=settings.import_rows,
        IMPORT_BYTES=settings.import_megabytes * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    app.extensions[cloud.live.HUB] = Hub(settings.database_url)
    CSRFProtect(app)
    install_gate(app, app_engine(settings.database_url), settings.session_hours)
    install(
        app,
        framer=frame.framed,
        user_language=frame.language,
        keep_language=frame.keep_language,
        staff=needs(),
        public=public,
    )
    if settings.demo:
        app.extensions["emmetra.demo"] = read_accounts(settings.demo)
    _install_rooms(app)
    return app


def _install_rooms(app: Flask) -> None:
    rooms = (
        *(cloud.accounts.views, cloud.people.views, cloud.imports.views, cloud.fleet.views),
        *(cloud.readings.views, cloud.readings.phoropter, cloud.readings.paper),
        *(cloud.calculators.views, cloud.clinic.views, cloud.prescriptions.views, cloud.prescriptions.verifying),
        *(cloud.whole.views, cloud.live),
    )
    for room in rooms:
        app.register_blueprint(room.bp)
    api = Api(app)
    api.register_blueprint(cloud.readings.api.bp)
    api.register_blueprint(cloud.clinic.views.api.bp)
    api.register_blueprint(cloud.prescriptions.api.bp)
    # the description of the API is for those who may use it
    app.view_functions["api-docs.openapi_json"] = _for_staff(app.view_functions["api-docs.openapi_json"])
    app.add_url_rule("/health", "health", health)
    timeline.install(app, (*happened.OURS, *prescribed.OURS))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(OperationalError, _database_away)


def _for_staff(view: Any) -> Any:
    @needs()
    def guarded(**parts: Any) -> Any:
        return view(**parts)

    return guarded


@public
def health() -> Response:
    """For load balancers: whether this process reaches its database."""
    with outside(engine()) as work:
        work.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def _stale_form(refusal: CSRFError) -> Response:
    return refused(refusal)


def _not_storable(refusal: DataError) -> Response:
    """A NUL, a number beyond any id: nobody means it, and no form should have to think of it."""
    log.warning("a request held what PostgreSQL cannot (%s %s)", request.endpoint, type(refusal.orig).__name__)
    return refused(BadRequest())


def _database_away(trouble: OperationalError) -> Response:
    """The database does not answer: nothing is lost, and trying again in a minute helps."""
    log.error("the database does not answer (%s %s)", request.endpoint, type(trouble.orig).__name__)
    return refused(ServiceUnavailable())
