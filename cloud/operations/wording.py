"""What the pages of the operations room say."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from cloud.operations import tables
from cloud.operations.models import Alert
from cloud.web import times
from cloud.web.languages import current_language


def title(alert: Alert) -> str:
    """What is wrong, in a few words."""
    rule = tables.rules().get(alert.rule)
    return rule.title.said(current_language()) if rule else alert.rule


def advice(alert: Alert) -> str:
    """What to do."""
    rule = tables.rules().get(alert.rule)
    return rule.advice.said(current_language()) if rule else ""


def said(alert: Alert) -> str:
    """What is so, with its facts."""
    rule = tables.rules().get(alert.rule)
    if rule is None:
        return ""
    facts = defaultdict(str, {name: _fact(name, value) for name, value in alert.details.items()})
    return rule.said.said(current_language()).format_map(facts).strip()


def _fact(name: str, value: Any) -> str:
    if name == "since" and value:
        return times.when(datetime.fromisoformat(value))
    if name == "lane":
        return f" ({value})" if value else ""
    return "" if value is None else str(value)


def change(code: str) -> str:
    """A step of an alert."""
    words = {
        **{"fired": _("fired"), "calm": _("away for now"), "returned": _("back again"), "told": _("told")},
        **{"acknowledged": _("acknowledged"), "resolved": _("over")},
    }
    return str(words.get(code, code))


def verb(code: str) -> str:
    """An order."""
    words = {
        **{"ping": _("Answer"), "list_ports": _("List ports"), "capture": _("Listen for a minute")},
        **{"sniff": _("Listen to the line"), "restart_driver": _("Restart a driver")},
        **{"diagnostics": _("Send diagnostics"), "send_diagnostics": _("Send diagnostics"), "logs": _("Send the log")},
        **{"to_phoropter": _("Send to the phoropter"), "configure": _("Change the configuration")},
    }
    return str(words.get(code, code))


def order_state(code: str) -> str:
    """How far an order is."""
    words = {
        **{"queued": _("queued"), "sent": _("sent"), "taken": _("taken"), "done": _("done"), "given": _("given")},
        **{"failed": _("failed"), "expired": _("never sent"), "running": _("running")},
    }
    return str(words.get(code, code))


def passage(code: str) -> str:
    """A step in a gateway's identity."""
    words = {
        **{"enrolled": _("Enrolled"), "renewed": _("Certificate renewed"), "moved": _("Moved to another store")},
        **{"revoked": _("Revoked"), "replaced": _("Box replaced")},
    }
    return str(words.get(code, code))


def shadow(code: str, version: int) -> str:
    """What a gateway says of its configuration."""
    words = {
        "applied": _("Configuration %(number)s in force", number=version),
        "trial": _("Configuration on trial, %(number)s in force", number=version),
        "rejected": _("Configuration refused, %(number)s stays in force", number=version),
        "reverted": _("Went back to configuration %(number)s", number=version),
    }
    return str(words.get(code, code))


def service(code: str) -> str:
    """What was done to an instrument."""
    words = {
        **{"calibrated": _("Calibrated"), "serviced": _("Serviced"), "repaired": _("Repaired")},
        "struck": _("Entry struck"),
    }
    return str(words.get(code, code))
