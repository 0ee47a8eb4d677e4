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
from werkzeug.middleware.proxy_fix import ProxyFix

import cloud.accounts.views
import cloud.arrival.entrance
import cloud.arrival.views
import cloud.blobs.api
import cloud.calculators.views
import cloud.calls.views
import cloud.clinic.views
import cloud.clinic.views.api
import cloud.desk.views
import cloud.direct.views
import cloud.direct.views.opening
import cloud.enrolment.api
import cloud.enrolment.views
import cloud.exchange.api
import cloud.exchange.feeds
import cloud.exchange.fhir_api
import cloud.exchange.views
import cloud.fleet.orders
import cloud.fleet.views
import cloud.imaging.views
import cloud.imports.views
import cloud.live
import cloud.loops.api
import cloud.loops.views
import cloud.messages.views
import cloud.operations.views
import cloud.people.views
import cloud.planning.views
import cloud.prescriptions.api
import cloud.prescriptions.verifying
import cloud.prescriptions.views
import cloud.readings.api
import cloud.readings.letters_page
import cloud.readings.paper
import cloud.readings.phoropter
import cloud.readings.views
import cloud.releases.api
import cloud.releases.views
import cloud.shadow.views
import cloud.stations.api
import cloud.stations.views
import cloud.telemetry.views
import cloud.whole.views
import cloud.worklist.views
from cloud import frame
from cloud.accounts.gate import ENGINE, engine, install_gate, needs, public
from cloud.arrival import printing, slips
from cloud.blobs import vault
from cloud.blobs.errors import NoKey, StoreAway
from cloud.booking import answers
from cloud.clinic import happened, timeline
from cloud.clinic.catalogue import registry
from cloud.demo import read_accounts
from cloud.exchange import sealing, wire
from cloud.fleet import beside
from cloud.kernel.database import app_engine, outside
from cloud.kernel.live import Hub
from cloud.kernel.settings import Misconfigured, Settings
from cloud.messages import office
from cloud.operations import beside as operations
from cloud.prescriptions import happened as prescribed
from cloud.telemetry import meters, scraped, sources
from cloud.web import install
from cloud.web.error_pages import install_error_pages, refused

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
    if settings.proxies:  # what stands further left in X-Forwarded-For anybody may have written
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies)  # type: ignore[method-assign]
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
    app.config.update(RELEASE_KEYS=settings.release_keys, PUBLIC_URL=settings.public_url)
    app.extensions[cloud.live.HUB] = Hub(settings.database_url)
    csrf = CSRFProtect(app)
    for boxes in (
        cloud.enrolment.api.bp,
        cloud.blobs.api.bp,
        cloud.exchange.api.bp,
    ):  # boxes have no session to ride on
        csrf.exempt(boxes)
    for patients in (cloud.direct.views.bp, cloud.arrival.entrance.bp):
        csrf.exempt(patients)  # they neither: every form of theirs has a stamp of its own
    app.extensions[cloud.enrolment.api.SETTINGS] = settings
    install_gate(app, app_engine(settings.database_url), settings.session_hours)
    vault.install(app.extensions[ENGINE], vault.Vault.of(settings))
    office.install(app.extensions[ENGINE], office.Office.of(settings))
    sealing.install(app.extensions[ENGINE], sealing.Lock(settings.secret_key, wire.Near.of(settings.exchange_near)))
    install(
        app,
        framer=frame.framed,
        user_language=frame.language,
        keep_language=frame.keep_language,
        staff=needs(),
        public=public,
    )
    app.extensions[cloud.telemetry.views.SOURCE] = sources.source(settings)
    _install_meters(app, settings)
    if settings.demo:
        app.extensions["emmetra.demo"] = read_accounts(settings.demo)
    _install_rooms(app)
    return app


def _install_meters(app: Flask, settings: Settings) -> None:
    scraped.install(app, settings)
    meters.watch_streams(app.extensions[cloud.live.HUB].open_pages)
    meters.watch_pool(app.extensions[ENGINE])


def _install_rooms(app: Flask) -> None:
    rooms = (
        *(cloud.accounts.views, cloud.people.views, cloud.imports.views, cloud.fleet.orders),
        *(cloud.readings.views, cloud.readings.phoropter, cloud.readings.paper, cloud.readings.letters_page),
        *(cloud.imaging.views, cloud.calculators.views, cloud.clinic.views),
        *(cloud.prescriptions.views, cloud.prescriptions.verifying),
        *(cloud.releases.views, cloud.releases.api, cloud.shadow.views, cloud.telemetry.views),
        *(cloud.operations.views, cloud.enrolment.api, cloud.enrolment.views, cloud.whole.views, cloud.live),
        *(cloud.worklist.views, cloud.desk.views, cloud.planning.views, cloud.direct.views, cloud.direct.views.opening),
        *(cloud.blobs.api, cloud.messages.views, cloud.arrival.views, cloud.arrival.entrance),
        *(cloud.calls.views, cloud.stations.views, cloud.loops.views),
        *(cloud.exchange.views, cloud.exchange.fhir_api, cloud.exchange.feeds),
    )
    for room in rooms:
        app.register_blueprint(room.bp)
    api = Api(app)
    api.register_blueprint(cloud.readings.api.bp)
    api.register_blueprint(cloud.clinic.views.api.bp)
    api.register_blueprint(cloud.prescriptions.api.bp)
    api.register_blueprint(cloud.loops.api.bp)
    api.register_blueprint(cloud.exchange.api.bp)
    api.register_blueprint(cloud.stations.api.bp)
    install_error_pages(app)  # again: whoever types a wrong address is a person, and gets a page
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    # the description of the API is for those who may use it
    app.view_functions["api-docs.openapi_json"] = _for_staff(app.view_functions["api-docs.openapi_json"])
    app.add_url_rule("/health", "health", health)
    # a file of the catalogue that does not fit stops the process, not the first examination
    registry.elements(), registry.templates()
    timeline.install(app, (*happened.OURS, *prescribed.OURS))
    beside.install(app, operations.TELLERS)
    cloud.messages.views.install(app, answers.heard)
    printing.install(app, (slips.printed,))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(OperationalError, _database_away)
    for trouble in (StoreAway, NoKey, Misconfigured):
        app.register_error_handler(trouble, _store_away)


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


def _store_away(trouble: Exception) -> Response:
    """Pictures cannot be opened for the moment; everything else goes on."""
    log.error("%s cannot be answered now: %s", request.endpoint, trouble)
    return refused(ServiceUnavailable())
