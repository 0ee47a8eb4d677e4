"""What became of one gateway."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, needs
from cloud.operations import story
from cloud.operations.views.door import bp, gateway


@bp.get("/fleet/<int:gateway_id>/history")
@needs(May.SEE_FLEET)
def history(gateway_id: int) -> ResponseReturnValue:
    """The story, newest first, narrowed to what is ticked."""
    one = gateway(gateway_id)
    kinds = [kind for kind in request.args.getlist("kind") if kind in story.SOURCES]
    lines, last = story.page(db(), story.Asked(gateway_id, _cursor()), kinds or list(story.SOURCES))
    older = url_for(".history", gateway_id=gateway_id, kind=kinds, after=last.place) if last else ""
    return render_template(
        "operations/history.html",
        **{"one": one, "tab": "history", "lines": lines, "kinds": kinds, "older": older, "sources": story.SOURCES},
        store=accounts.store(db(), one.store_id),
        **{"words": story.WORDS, "names": accounts.names(db(), {line.by for line in lines if line.by})},
    )


def _cursor() -> story.Cursor | None:
    try:
        return story.read_cursor(request.args.get("after", ""))
    except ValueError:
        return None
