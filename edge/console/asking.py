"""Asks a short-lived process that knows every dialect, or who is near: the gateway itself carries none of that."""

import asyncio
import contextlib
import json
import sys
from pathlib import Path
from typing import Any

GRACE_S = 30.0  # to start and to end, on a busy box
HOME = Path(__file__).parents[2]  # where our packages lie, whatever folder the gateway was started in


async def asked(module: str, *words: str, within: float) -> dict[str, Any]:
    """What it says; nothing when it could not be asked, or does not end ``within`` so many seconds as it should."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *words, stdout=asyncio.subprocess.PIPE, cwd=HOME
    )
    try:
        async with asyncio.timeout(within + GRACE_S):
            told, _ = await process.communicate()
        found: dict[str, Any] = json.loads(told)
        return found
    except (ValueError, TimeoutError):  # a port or an adapter that hangs must not keep the instrument unread
        return {}
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
