"""The gateway's own file with a document laid over it, and what the gateway is, as a document."""

from dataclasses import replace
from typing import Any

import msgspec

from edge.config import LINE, GatewayConfig
from edge.supervisor import InstrumentSettings
from protocols.envelope.desired import Broker, Instrument, Wanted

PLAIN = ("raw_days", "disk_floor_mb")  # keys that both have under one name


def over(own: GatewayConfig, doc: Wanted) -> GatewayConfig:
    """The file with what the document sets; certificates and passwords of the broker stay the file's."""
    changes: dict[str, Any] = {key: value for key in PLAIN if (value := getattr(doc, key)) is not None}
    if doc.instruments is not None:
        changes["instruments"] = tuple(settings(one) for one in doc.instruments)
    if doc.broker is not None:
        changes["broker"] = replace(own.broker, url=doc.broker.url)
    return replace(own, **changes)


def settings(one: Instrument) -> InstrumentSettings:
    """An instrument as the supervisor takes it; settings of the line go to the line."""
    return InstrumentSettings(
        name=one.name,
        family=one.family,
        url=one.url,
        model=one.model,
        lane=one.lane,
        line={key: value for key, value in one.settings.items() if key in LINE},
        settings={key: value for key, value in one.settings.items() if key not in LINE},
        map=one.map,
    )


def told(config: GatewayConfig, doc: Wanted) -> Wanted:
    """What the gateway is: its configuration in force, and what the document set besides; never the PIN's digest."""
    found: dict[str, Any] = {key: value for key in doc.__struct_fields__ if (value := getattr(doc, key)) is not None}
    found |= {key: int(getattr(config, key)) for key in PLAIN}
    found["instruments"] = [_instrument(one) for one in config.instruments]
    found["broker"] = Broker(url=config.broker.url)
    found.pop("console_pin", None)
    return Wanted(**{key: value for key, value in found.items() if _sayable(key, value)})


def _instrument(one: InstrumentSettings) -> Instrument:
    given = one.line | {key: value for key, value in one.settings.items() if isinstance(value, str | int | float)}
    return Instrument(
        name=one.name, family=one.family, url=one.url, model=one.model, lane=one.lane, settings=given, map=one.map
    )


def _sayable(key: str, value: Any) -> bool:
    """A file may hold what no document may say (a disk floor of nothing); that is left out of the report."""
    try:
        msgspec.convert({key: msgspec.to_builtins(value)}, Wanted)
    except msgspec.ValidationError:
        return False
    return True
