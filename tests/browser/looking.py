"""How the tests look at a page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The same engine without a browser's own windows: a page costs a fifth of the processor time.
SHELL, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = SHELL if SHELL.exists() else WHOLE
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


def until(page: Page, expression: str, arg: object = None, patience: float = 20) -> None:
    """Wait for what a page says of itself; Playwright's own waiting evaluates a text, which the policy forbids."""
    deadline = time.monotonic() + patience
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)
