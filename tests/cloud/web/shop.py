"""A shop just large enough to stand the frame in."""

from flask import Flask, abort, render_template_string
from flask_babel import gettext as _

from cloud.web import Choice, Frame, NavItem, install

PAGE = '{% extends "web/layout.html" %}{% block content %}<h1>Today</h1>{% endblock %}'


def framer() -> Frame:
    return Frame(
        nav=[
            NavItem(_("Today"), "/", icon="calendar-event", active=True),
            NavItem(_("Patients"), "/patients", icon="users"),
            NavItem(_("Tray"), "/tray", icon="inbox", count=3),
            NavItem(_("Fleet"), "/fleet", icon="router"),
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


def make_app(**told: object) -> Flask:
    app = Flask("shop", static_folder=None)
    app.config.update(SECRET_KEY="x", TESTING=True, PROPAGATE_EXCEPTIONS=False)
    install(app, framer=framer, **told)
    app.add_url_rule("/", "home", lambda: render_template_string(PAGE))
    app.add_url_rule("/plain", "plain", lambda: render_template_string(PAGE.replace("layout", "plain")))
    app.add_url_rule("/api/refuse/<int:code>", "api_refuse", abort)
    app.add_url_rule("/refuse/<int:code>", "refuse", abort)
    app.add_url_rule("/break", "break", lambda: 1 / 0)
    return app
