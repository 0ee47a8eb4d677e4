"""Renews the certificate in time. The work is done by a process that ends again, so that the gateway stays small."""

import asyncio
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from edge.alarms import Alarms
from edge.identity.papers import Identity, Papers
from edge.refusals import OrderRefused

LOOK_S = 3600.0  # the wall clock may jump; it is looked at again and again
JITTER = 0.15  # of the time between the renewal and the end: ten thousand gateways were not enrolled for one hour
ALARM = "renewal_failed"
PATIENCE_S = 120.0


class Renewal:
    """Looks after the certificate of one running gateway."""

    def __init__(self, papers: Papers, alarms: Alarms, *, look_s: float = LOOK_S) -> None:
        self._papers, self._alarms, self._look_s = papers, alarms, look_s
        self._share = random.random() * JITTER  # noqa: S311 - jitter is no secret
        self._alone = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled; a failure is told by an alarm and tried again."""
        while True:
            current = self._papers.current()
            if current is not None and self._papers.trial() is None and time.time() >= self.due(current):
                await self._try()
            await asyncio.sleep(self._look_s * (1 - JITTER * self._share))

    def due(self, identity: Identity) -> float:
        """When this gateway renews, in seconds since 1970: after two thirds of the certificate's life, or later."""
        return identity.renew_after + max(0.0, identity.expires - identity.renew_after) * self._share

    async def ordered(self, _: dict[str, Any]) -> dict[str, Any]:
        """The order ``renew``: now, whatever the time. Raises OrderRefused."""
        if self._papers.current() is None:
            raise OrderRefused("this gateway was set up by hand and has no certificate to renew")
        code, said = await self._ask()
        if code != 0:
            raise OrderRefused(said or "the renewal did not work")
        self._alarms.still(ALARM)
        return {"renewed": True, "address": said}

    async def _try(self) -> None:
        code, said = await self._ask()
        if code == 0:
            self._alarms.still(ALARM)
        else:
            self._alarms.ring(ALARM, f"The certificate could not be renewed. {said}")

    async def _ask(self) -> tuple[int, str]:
        """Run ``emmetra gateway renew --now``; its exit code, and the address of the new papers or why not."""
        words = (sys.executable, "-m", "edge.identity", "renew", "--now", "--json", "--data", str(self._papers.data))
        async with self._alone:
            process = await asyncio.create_subprocess_exec(
                *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, cwd=_home()
            )
            try:
                async with asyncio.timeout(PATIENCE_S):
                    said, _ = await process.communicate()
            except TimeoutError:
                return 1, "The cloud did not answer in time. It is tried again."
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        return process.returncode or 0, _sentence(said)


def _sentence(said: bytes) -> str:
    try:
        told = json.loads(said)
        return str(told.get("address") or told.get("error") or "")
    except (ValueError, AttributeError):
        return ""


def _home() -> Path:
    """Where ``edge`` is found also when it was never installed."""
    return Path(__file__).parents[2]
