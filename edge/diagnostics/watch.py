"""Looks at the box once a minute and rings what a person must mend; what is over falls silent by itself."""

import asyncio
from collections.abc import Awaitable, Callable

from edge.alarms import Alarms
from edge.diagnostics.checks import clocks, disk, machine
from edge.diagnostics.result import Said, worded
from edge.diagnostics.site import Site

EVERY_S = 60.0
CLOCK_PATIENCE_S = 300.0  # after a start the clock is given time to be fetched

# check and its bad cases by the alarm they ring
WATCHED: dict[str, tuple[str, Callable[[Site], list[Said]], frozenset[str]]] = {
    "disk_low": ("disk_space", disk.space, frozenset({"low", "full"})),
    "too_hot": ("temperature", machine.temperature, frozenset({"hot"})),
    "power_low": ("power_supply", machine.power_supply, frozenset({"low"})),
    "clock_unset": ("clock_plausible", clocks.plausible, frozenset({"floor"})),
}


async def watch(alarms: Alarms, site: Callable[[], Awaitable[Site]]) -> None:
    """Until cancelled."""
    began = asyncio.get_running_loop().time()
    while True:
        fresh = asyncio.get_running_loop().time() - began < CLOCK_PATIENCE_S
        found = await asyncio.to_thread(look, await site())
        for code, sentence in found.items():
            _ring(alarms, code, None if fresh and code == "clock_unset" else sentence)
        await asyncio.sleep(EVERY_S)


def look(site: Site) -> dict[str, str | None]:
    """What is wrong by alarm, None where all is well."""
    return {code: _sentence(check, find(site), bad) for code, (check, find, bad) in WATCHED.items()}


def _sentence(check: str, found: list[Said], bad: frozenset[str]) -> str | None:
    wrong = next((one for one in found if one.case in bad), None)
    if wrong is None:
        return None
    told = worded(check, wrong, "en")
    return f"{told.name}: {told.what}. {told.fix}"


def _ring(alarms: Alarms, code: str, sentence: str | None) -> None:
    if sentence is None:
        alarms.still(code)
    else:
        alarms.ring(code, sentence)
