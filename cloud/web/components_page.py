"""`/components`: every component in every state; what axe-core and the picture comparisons look at."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from cloud.web.samples import everything


def show() -> ResponseReturnValue:
    """All components, in the language and theme asked for."""
    g.web_language = request.args.get("lang")
    refresh()
    g.web_theme = request.args.get("theme")
    return render_template("web/components.html", samples=everything())
