"""What the codes of this room are called, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from cloud.fleet.wording import Pill
from cloud.shadow.choices import PIN_DIGITS, WHOLE
from cloud.shadow.models import ReportedChange


def key_word(key: str) -> str:
    """A key of a document."""
    words = {
        "instruments": _("Instruments"),
        "broker": _("Broker"),
        "software": _("Software"),
        "raw_days": _("Raw bytes kept, days"),
        "disk_floor_mb": _("Disk kept free, MB"),
        "telemetry_s": _("Figures every, seconds"),
        "log_level": _("Detail of the log"),
        "language": _("Language of its console"),
        "console_pin": _("PIN of its console"),
        "trace": _("Traces of readings"),
        "document": _("The document"),
    }
    return str(words.get(key, key))


def fate(state: str) -> Pill:
    """How a key or a document fares."""
    words = {
        "applied": Pill("good", _("In force"), icon="check"),
        "pending": Pill("info", _("Waiting"), icon="clock-pause"),
        "trial": Pill("info", _("On trial"), icon="hourglass"),
        "rejected": Pill("danger", _("Refused"), icon="x"),
        "reverted": Pill("warning", _("Taken back"), icon="arrow-back-up"),
    }
    return words.get(state, Pill("none", state, icon="circle-dashed"))


def beside(faults: Mapping[str, str], places: Sequence[int]) -> dict[str, list[str]]:
    """Sentences by the name of the field; ``places`` are the rows the instruments came from."""
    found: dict[str, list[str]] = {}
    for place, code in faults.items():
        parts = place.split(".")
        key = parts[-1] if len(parts) == 3 else parts[0]
        name = f"{key}-{places[int(parts[1])]}" if len(parts) == 3 and int(parts[1]) < len(places) else key
        found.setdefault(name, []).append(_sentence(key, code))
    return found


def _sentence(key: str, code: str) -> str:
    if key in WHOLE:
        least, most = WHOLE[key]
        return str(_("Write a whole number from %(least)s to %(most)s.", least=least, most=most))
    words = {
        ("console_pin", "not_so"): _(
            "A PIN has %(least)s to %(most)s digits.", least=PIN_DIGITS[0], most=PIN_DIGITS[1]
        ),
        ("broker", "not_so"): _("Write mqtts://host:8883 or mqtt://host:1883, without a path."),
        ("url", "numbered"): _("This may be another adapter after the next start. Write its name below /dev/serial."),
        ("map", "not_so"): _("This is no map that gateways read. Try it with emmetra decode --map."),
        ("name", "no_name"): _("A short name of letters, digits, dots and dashes, without spaces."),
    }
    general = {
        "missing": _("This is needed. Fill it in, or tick that the instrument goes."),
        "twice": _("Used twice. Every instrument needs its own."),
        "unknown": _("Gateways know no such setting."),
    }
    return str(words.get((key, code)) or general.get(code) or _("This cannot be used as it is."))


def story(told: ReportedChange) -> list[str]:
    """How a configuration came to be refused or taken back, in sentences."""
    if told.state == "reverted" and told.story:
        return _taken_back(told.story, told.version)
    if told.state == "rejected":
        whole = _("The gateway refused configuration %(num)s and changed nothing.", num=told.asked)
        return [str(whole), *([told.why] if told.why else [])]
    return []


def _taken_back(known: Mapping[str, Any], version: int) -> list[str]:
    told = [_("The gateway tried configuration %(num)s and took it back by itself.", num=known["tried"])]
    if known.get("restarts", 0) > 1:
        told.append(_("While it tried, it started %(count)s times.", count=known["restarts"]))
    lasted = {"seconds": known["lasted_s"], "broker": known["broker"]}
    if known.get("connected"):
        told.append(
            _("The broker %(broker)s let it in, but for %(seconds)s s nothing came back from the cloud.", **lasted)
        )
    else:
        told.append(_("For %(seconds)s s it did not reach the cloud at %(broker)s.", **lasted))
    if known.get("said"):
        told.append(_("What it was told there: “%(words)s”", words=known["said"]))
    if version:
        told.append(_("It works with configuration %(num)s again; no reading was lost.", num=version))
    else:
        told.append(_("It works with its own file again; no reading was lost."))
    told.append(_("Correct what is wrong below and save; the same configuration is not tried again by itself."))
    return [str(one) for one in told]


def shown(key: str, value: Any) -> str:
    """A value of a document in one line."""
    if value is None:
        return ""
    if key == "console_pin":
        return str(_("set"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if key == "broker":
        return str(value.get("url", ""))
    if key == "software":
        return str(value.get("version", ""))
    if key == "instruments":
        return ", ".join(f"{one.get('name')} ({one.get('model') or one.get('family')})" for one in value)
    return str({"en": "English", "zh": "中文"}.get(value, value))
