"""A shop just large enough to stand the frame in."""

import time
from collections.abc import Iterator

from flask import Flask, Response, abort, render_template_string
from flask_babel import gettext as _

from cloud.web import Choice, Frame, NavItem, install

PAGE = '{% extends "web/layout.html" %}{% block content %}<h1>Today</h1>{% endblock %}'


def framer() -> Frame:
    return Frame(
        nav=[
            NavItem(_("Today"), "/", icon="eye", active=True),
            NavItem(_("Patients"), "/patients", icon="user-circle"),
            NavItem(_("Tray"), "/tray", icon="inbox", count=3),
            NavItem(_("Fleet"), "/fleet", icon="plug-connected"),
        ],
        chain="Brightside",
        store="Brightside Harbour",
        zone="Asia/Shanghai",
        stores=[Choice("Brightside Harbour", "1", True), Choice("Brightside Hill", "2")],
        store_href="/store",
        person="Dr Lin",
        role="Optometrist",
        search_href="/search",
        live_href="/live",
        gateway="online",
        account_href="/account",
        sign_out_href="/out",
    )


def live() -> Response:
    """A stream that says it is alive and holds on for a moment."""

    def beats() -> Iterator[str]:
        for _beat in range(50):
            yield "event: beat\ndata: {}\n\n"
            time.sleep(0.1)

    return Response(beats(), mimetype="text/event-stream")


def make_app(**told: object) -> Flask:
    app = Flask("shop", static_folder=None)
    app.config.update(SECRET_KEY="x", TESTING=True, PROPAGATE_EXCEPTIONS=False)
    install(app, framer=framer, **told)
    app.add_url_rule("/", "home", lambda: render_template_string(PAGE))
    app.add_url_rule("/plain", "plain", lambda: render_template_string(PAGE.replace("layout", "plain")))
    app.add_url_rule("/api/refuse/<int:code>", "api_refuse", abort)
    app.add_url_rule("/refuse/<int:code>", "refuse", abort)
    app.add_url_rule("/live", "live", live)
    app.add_url_rule("/break", "break", lambda: 1 / 0)
    return app
