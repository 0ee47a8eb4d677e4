"""Where every page of the operations room hangs, and what it answers about things that are not there."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cloud.accounts.gate import db
from cloud.fleet import queries as fleet
from cloud.fleet.models import Gateway
from cloud.kernel.clock import now
from cloud.operations import wording
from cloud.operations.errors import NoSuchAlert, NoSuchBulk, NoSuchInstrument, NoSuchRule, NoSuchService, NoSuchStore
from cloud.web import times
from cloud.web.error_pages import refused

bp = Blueprint("operations", "cloud.operations", template_folder="templates")


@bp.errorhandler(NoSuchAlert)
@bp.errorhandler(NoSuchBulk)
@bp.errorhandler(NoSuchInstrument)
@bp.errorhandler(NoSuchRule)
@bp.errorhandler(NoSuchService)
@bp.errorhandler(NoSuchStore)
def not_there(_refusal: LookupError) -> ResponseReturnValue:
    """Not in this chain, or never was; abort() would be a failure of this handler, and so a 500."""
    return refused(NotFound())


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"wording": wording, "there": current_app.view_functions}


def today() -> date:
    """The day on the store's calendar."""
    return times.in_store(now()).date()


def gateway(gateway_id: int) -> Gateway:
    """A gateway of this chain; a stranger's is not there."""
    found = fleet.gateway(db(), gateway_id) if gateway_id < 2**63 else None
    if found is None:
        raise NotFound
    return found


def said(name: str, limit: int = 120) -> str:
    """What a form or an address says, without what no database keeps."""
    return request.values.get(name, "").replace("\0", "").strip()[:limit]


def number(written: str) -> int | None:
    """A whole number that fits an id, else None."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


def address(endpoint: str, kept: tuple[str, ...], **changed: object) -> str:
    """An address with some of what it asks for changed; the place in the list is given up."""
    asks = {name: request.args[name] for name in kept if request.args.get(name)} | changed
    kind: dict[str, Any] = {"kind": str(asks.pop("kind"))} if "kind" in changed else {}
    asks = {name: what for name, what in asks.items() if what}
    return url_for(endpoint, **kind) + (f"?{urlencode(asks)}" if asks else "")
