"""What orders, their ends and what they bring are called, in the reader's language."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from cloud.fleet.choices import NEVER_SENT, NO_ANSWER, WITHDRAWN


class Pill(NamedTuple):
    """Kind, word and icon of a mark."""

    kind: str = "none"
    word: object = ""
    icon: str = ""


# In the order of the page. An order for a patient is given where the patient is.
OFFERED = (
    *("ping", "list_ports", "capture", "restart_driver", "check", "send_log", "send_diagnostics", "sniff", "renew"),
)
OF_AN_INSTRUMENT = frozenset({"capture", "restart_driver", "sniff"})


def verb(name: str) -> str:
    """What is asked for."""
    words = {
        "ping": _("Say hello"),
        "instruments": _("Tell its instruments"),
        "list_ports": _("List its ports"),
        "capture": _("Listen to a line for a minute"),
        "restart_driver": _("Start an instrument's driver anew"),
        "send_diagnostics": _("Send a bundle for support"),
        "send_log": _("Send its log"),
        "sniff": _("Follow a line with its timing"),
        "check": _("Check itself"),
        "call_patient": _("Call a patient"),
        "print_ticket": _("Print a ticket"),
        "to_phoropter": _("Lay data ready in a phoropter"),
        "renew": _("Renew its certificate"),
    }
    return str(words.get(name, name))


def picture(name: str) -> str:
    """Its icon."""
    icons = {
        "ping": Pill(icon="heartbeat"),
        "list_ports": Pill(icon="usb"),
        "capture": Pill(icon="ear"),
        "restart_driver": Pill(icon="refresh"),
        "send_diagnostics": Pill(icon="first-aid-kit"),
        "send_log": Pill(icon="file-text"),
        "sniff": Pill(icon="activity"),
        "check": Pill(icon="stethoscope"),
        "renew": Pill(icon="certificate"),
    }
    return icons.get(name, Pill(icon="send")).icon


def state(name: str) -> Pill:
    """How far an order is."""
    words = {
        "queued": Pill("info", _("Queued"), icon="clock-pause"),
        "sent": Pill("info", _("Sent"), icon="send"),
        "running": Pill("info", _("At work"), icon="hourglass"),
        "done": Pill("good", _("Done"), icon="check"),
        "taken": Pill("good", _("Taken"), icon="check"),
        "given": Pill("warning", _("Given"), icon="send"),
        "failed": Pill("danger", _("Failed"), icon="alert-octagon"),
        "refused": Pill("danger", _("Refused"), icon="x"),
        "expired": Pill("warning", _("Too late"), icon="clock-pause"),
        "cancelled": Pill("none", _("Taken back"), icon="arrow-back-up"),
    }
    return words.get(name, Pill("none", name, icon="circle-dashed"))


def why(said: str | None) -> str:
    """Why it ended so; a sentence that we know is said in the reader's language."""
    known = {
        NEVER_SENT: _("the gateway could not be reached in time"),
        NO_ANSWER: _("the gateway did not answer in time"),
        WITHDRAWN: _("a reading was rejected or moved before it was sent"),
        "it was interrupted: the gateway restarted or lost its connection": _(
            "the gateway restarted or lost its connection meanwhile; ask again"
        ),
        "it arrived after its deadline": _("it arrived at the gateway too late"),
        "its deadline passed before it was done": _("its time was over before it was done"),
        "this gateway has no instrument that calls patients; call them yourself": _(
            "this gateway has no instrument that calls patients; call them yourself"
        ),
    }
    if said and said.startswith("this gateway does not know the order"):
        return str(_("its software does not know this order yet; update it first"))
    return str(known.get(said or "", said or ""))


def bytes_of(entries: Any) -> list[dict[str, Any]]:
    """What was captured, line by line: seconds, who spoke, hex and what of it is readable."""
    return [line for one in entries if isinstance(one, Mapping) and one.get("hex") for line in _lines(one)]


def _lines(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        data = bytes.fromhex(str(one["hex"]))
    except ValueError:
        return []
    by = _("gateway") if one.get("by") == "gateway" else _("instrument")
    return [
        {"t": one.get("t"), "by": by, "hex": piece.hex(" "), "text": "".join(_letter(byte) for byte in piece)}
        for piece in (data[at : at + 16] for at in range(0, len(data), 16))
    ]


def _letter(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else "·"


def plain(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else came back, a line a key."""
    shown = {key: value for key, value in result.items() if key not in ("ports", "entries", "file", "instruments")}
    words = {
        "at": _("Its time"),
        "uptime_s": _("Running for, seconds"),
        "port": _("Port"),
        "line": _("Line settings"),
        "bytes": _("Bytes"),
        "remarks": _("Remarks"),
        "dev": _("Instrument"),
    }
    return [(str(words.get(key, key)), _flat(value)) for key, value in shown.items()]


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_flat(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_flat(one)}" for key, one in value.items())
    return str(value)


def alarm(code: str) -> str:
    """What a gateway's alarm is called; the code itself where a newer gateway knows one that is not here."""
    words = {
        **{"broker_unreachable": _("Cloud not reached"), "cloud_silent": _("Cloud does not confirm")},
        **{"ingest_down": _("Cloud takes nothing in"), "slowed": _("Slowed down"), "re_enrol": _("Not let in")},
        **{"renewal_failed": _("No new certificate"), "duplicate_identity": _("Name used twice")},
        **{"outbox_full": _("Disk full"), "disk_low": _("Disk almost full"), "outbox_closed": _("Outbox closed")},
        **{"clock_drift": _("Clock jumped"), "clock_unset": _("Clock not set"), "too_hot": _("Too hot")},
        **{"power_low": _("Power too weak"), "config_reverted": _("Change taken back")},
        **{"console_closed": _("Own page closed"), "dicom_down": _("DICOM does not run")},
        **{"dicom_stuck": _("Pictures not read"), "blob_lost": _("Picture lost"), "blob_refused": _("Picture refused")},
    }
    return str(words.get(code, code))
