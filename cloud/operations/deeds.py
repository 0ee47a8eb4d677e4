"""What can be asked of many gateways at once: whether one can do it now, and asking it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cloud.fleet import commands
from cloud.fleet.errors import OrderUnderWay
from cloud.fleet.models import Gateway
from cloud.shadow import services as shadow
from cloud.shadow.errors import Faulty
from cloud.shadow.rules import checked


class CannotBeDone(Exception):
    """This gateway cannot do it now; the argument is a code of ``why``."""


CONFIGURE = "configure"
# The parts of a configuration that may be the same everywhere; instruments and brokers are a store's own.
PARTS = ("raw_days", "disk_floor_mb", "telemetry_s", "log_level", "language")


@dataclass(frozen=True, slots=True)
class Deed:
    """One of them: what it is called, and what it does in a store."""

    word: object
    about: object
    live: bool = True  # only while the gateway is connected; a configuration waits for it


DEEDS: Mapping[str, Deed] = {
    "ping": Deed(_("Answer"), _("Each gateway says that it is there.")),
    "check": Deed(_("Check itself"), _("Each gateway runs its own checks and sends what it found.")),
    "list_ports": Deed(_("List ports"), _("Each gateway says which ports it has.")),
    "send_diagnostics": Deed(_("Send diagnostics"), _("Each gateway sends a bundle without patients' data.")),
    "send_log": Deed(_("Send the log"), _("Each gateway sends the end of its log.")),
    CONFIGURE: Deed(
        _("Change the configuration"),
        _("One part is set; every other part stays as it is. A gateway that is offline follows when it is back."),
        live=False,
    ),
    "renew": Deed(_("Renew the certificate"), _("Each gateway asks for its next certificate.")),
}


def why_not(gateway: Gateway, verb: str) -> str | None:
    """A code that says why this gateway cannot be asked now, or None."""
    if gateway.status != "enrolled":
        return "revoked"
    if gateway.state == "never_seen":
        return "never_seen"
    if DEEDS[verb].live and gateway.state != "online":
        return "offline"
    return None


def do(session: Session, gateway: Gateway, verb: str, args: str, *, by: int) -> str:
    """Ask it; answers what it became, for instance the order's name. Raises CannotBeDone."""
    if refusal := why_not(gateway, verb):
        raise CannotBeDone(refusal)
    if verb == CONFIGURE:
        return _configure(session, gateway, args, by=by)
    try:
        given = commands.command(session, gateway, verb, by=by, args=msgspec.json.decode(args))
    except OrderUnderWay:
        raise CannotBeDone("under_way") from None
    return str(given.command_id)


def _configure(session: Session, gateway: Gateway, args: str, *, by: int) -> str:
    part = msgspec.json.decode(args)
    try:
        return str(shadow.set_part(session, gateway.id, part["key"], part["value"], by).version)
    except Faulty:
        raise CannotBeDone("faulty") from None


def part(key: str, value: str) -> dict[str, Any]:
    """A part of a configuration as it was typed: its key and value, nothing typed for the gateway's own.

    Raises Faulty, with a code by place.
    """
    if key not in PARTS:
        raise Faulty({key: "unknown"})
    read = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
    checked({key: read} if value else {})
    return {"key": key, "value": read if value else None}


def why(code: str) -> str:
    """Why a gateway was left out."""
    words = {
        **{"revoked": _("its certificate is revoked"), "never_seen": _("it has never been seen")},
        **{"offline": _("it is offline"), "under_way": _("the same order is under way")},
        **{"stopped": _("stopped by a person"), "faulty": _("its configuration would not be valid")},
    }
    return str(words.get(code, code))
