"""Why a document was taken back, for people."""

import time

from edge.clock import iso
from edge.shadow.memory import STARTS, Trial
from protocols.envelope.desired import Story


def story(trial: Trial, lasted_s: float, broker: str, connected: bool, said: str | None) -> Story:
    """The parts of it."""
    return Story(
        tried=trial.desired.version,
        at=iso(time.time()),
        lasted_s=max(0, round(lasted_s)),
        broker=broker,
        connected=connected,
        said=None if connected else said,
        restarts=trial.starts,
    )


def sentence(known: Story) -> str:
    """The whole of it."""
    if known.restarts > STARTS:
        tried = f"Configuration {known.tried} was taken back: the gateway started {known.restarts} times under it."
    else:
        tried = f"Configuration {known.tried} was taken back: it was tried for {known.lasted_s} s without the cloud."
    if known.connected:
        return f"{tried} The broker {known.broker} let the gateway in, but the cloud did not answer."
    return f"{tried} The broker {known.broker} was not reached" + (f": {known.said}" if known.said else ".")
