"""What can be ordered of the diagnostics: ``check``, ``send_diagnostics``, ``send_log``, ``sniff``."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from edge.capture import verbs as wires
from edge.diagnostics import ring
from edge.diagnostics.bundle import bundle
from edge.diagnostics.pulling import Asked, picked
from edge.diagnostics.running import run_all
from edge.diagnostics.site import Site
from edge.diagnostics.words import LANGUAGES
from edge.refusals import OrderRefused
from edge.supervisor import Supervisor
from edge.uplink import Brought, Verb

SNIFF_S = 10.0
INLINE = 16 * 1024  # bytes of the log that go into the result itself


def verbs(supervisor: Supervisor, site: Callable[[], Awaitable[Site]]) -> Mapping[str, Verb]:
    """The verbs; ``site`` gives this gateway as it is now."""

    async def check(args: dict[str, Any]) -> dict[str, Any]:
        language = args.get("language", "en")
        if language not in LANGUAGES:
            raise OrderRefused(f"language is one of {', '.join(LANGUAGES)}")
        results = await asyncio.to_thread(run_all, await site(), language)
        return {"checks": [one._asdict() for one in results]}

    async def send_diagnostics(_: dict[str, Any]) -> dict[str, Any]:
        return {"file": Brought("diagnostics.zip", await asyncio.to_thread(bundle, await site()))}

    async def send_log(args: dict[str, Any]) -> dict[str, Any]:
        data, asked = (await site()).config.data, Asked.of(args)
        found = await asyncio.to_thread(lambda: picked(ring.lines(data), asked))
        text = "\n".join([*found, ""]).encode()
        if len(text) <= INLINE:
            return {"count": len(found), "lines": found}
        return {"count": len(found), "file": Brought("log.txt", text)}

    async def sniff(args: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(args.get("dev"), str):
            raise OrderRefused("the order does not say which instrument")
        return await wires.verbs(supervisor)["capture"]({"dev": args["dev"], "seconds": args.get("seconds", SNIFF_S)})

    return {"check": check, "send_diagnostics": send_diagnostics, "send_log": send_log, "sniff": sniff}
