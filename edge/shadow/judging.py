"""Whether this gateway can follow a document: every reason why not, by key, before anything is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from edge.config import LINE, SLUG, GatewayConfig
from edge.links import LinkRefused
from edge.links.opening import address
from edge.links.usb import NUMBERED
from edge.shadow.merging import settings
from edge.supervisor import Fit, InstrumentSettings, Misfit
from edge.uplink.broker import BrokerRefused, BrokerSettings, tls_context
from protocols.envelope.desired import Wanted


def faults(doc: Wanted, own: GatewayConfig, fit: Fit) -> dict[str, str]:
    """Sentences by key; empty when the document can be followed."""
    found: dict[str, str] = {}
    if doc.instruments is not None and (wrong := list(_instruments([settings(one) for one in doc.instruments], fit))):
        found["instruments"] = " ".join(wrong)
    if doc.broker is not None and (sentence := _broker(replace(own.broker, url=doc.broker.url), own.broker)):
        found["broker"] = sentence
    return found


def _instruments(wanted: Sequence[InstrumentSettings], fit: Fit) -> Iterator[str]:
    for what in ("name", "url"):
        values = [getattr(one, what) for one in wanted]
        for twice in sorted({value for value in values if values.count(value) > 1}):
            yield f"The {what} {twice} is used twice; every instrument needs its own."
    for one in wanted:
        yield from _instrument(one, fit)


def _instrument(one: InstrumentSettings, fit: Fit) -> Iterator[str]:
    if not SLUG.match(one.name):
        yield f"{one.name!r} is no name for an instrument; write a short one without spaces."
    if NUMBERED.match(one.url):
        yield f"{one.name}: {one.url} may be another adapter after the next start; use its lasting name."
    for key in sorted(key for key in one.line if not LINE[key].fits(one.line[key])):
        yield f"{one.name}: {key} is {one.line[key]}, expected {LINE[key].expected}."
        return
    try:
        address(one.url)
        fit(one)
    except LinkRefused as refusal:
        yield f"{one.name}: {refusal}"
    except Misfit as refusal:
        yield f"{one.name}: {refusal}"


def _broker(wanted: BrokerSettings, own: BrokerSettings) -> str | None:
    if own.secure and not wanted.secure:
        return "This gateway speaks TLS with its broker; a document from afar may not take that away."
    try:
        port = wanted.port
        if not 0 < port < 65_536:
            raise ValueError
        tls_context(wanted)
    except ValueError:
        return f"{wanted.url} names no port from 1 to 65535."
    except BrokerRefused as refusal:
        return str(refusal)
    return None
