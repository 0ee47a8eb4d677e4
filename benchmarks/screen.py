"""From the last byte on the wire to the value on an open page: ``python -m benchmarks.screen``.

The whole thing as in the demo (gateway, broker, ingest, PostgreSQL, pages, all processes of their own) with a
simulated ARK-1a on a pty and the patient's chart open in Chromium. The clock starts before the last bytes are
written to the pty and stops when a MutationObserver first finds all three readings in the document; both are
this machine's own clock. The first row stops already when the row is written in the database.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.demo.seeding import PASSWORD
from tests.browser.looking import CHROMIUM, FLAGS
from tests.journeys.desk import Desk, open_desk

RECORD, WARM = "H-1001", 5
WATCH = """() => {
  window.seen = {};
  const look = () => {
    const now = Date.now();
    for (const card of document.querySelectorAll("article.reading")) window.seen[card.id] ??= now;
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


class Stamp:
    """Remembers when the instrument began its last write."""

    def __init__(self, wire: Any) -> None:
        self.at, self._write = 0.0, wire.write
        wire.write = self._stamped

    async def _stamped(self, data: bytes) -> None:
        self.at = time.time()
        await self._write(data)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def open_chart(browser: Browser, desk: Desk) -> Page:
    """The chart of the patient, live."""
    page = browser.new_page(base_url=desk.address)
    page.goto(f"/sign-in?next=/patients/{desk.patient(RECORD)}")
    page.get_by_label("E-mail address").fill("alice@harbour.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#live[data-shown=connected]")
    page.evaluate(WATCH)
    return page


def once(desk: Desk, page: Page, stamp: Stamp) -> tuple[float, float]:
    """One print: seconds until it is in the database, and on the page."""
    printed = desk.bench.print("ark", RECORD)
    began, ids = stamp.at, [one["reading_id"] for one in desk.arrived(printed.raw)]
    page.wait_for_function("ids => ids.every(id => window.seen['reading-' + id])", arg=ids, timeout=10_000)
    shown = page.evaluate("ids => Math.max(...ids.map(id => window.seen['reading-' + id]))", ids)
    question = "SELECT extract(epoch FROM arrived_at) AS at FROM readings_reading WHERE reading_id = CAST(:id AS uuid)"
    stored = max(float(desk.rows(question, id=one)[0].at) for one in ids)
    return stored - began, shown / 1000 - began


def row(name: str, seconds: list[float]) -> str:
    """One line of the table."""
    cut = statistics.quantiles(seconds, n=100)
    return f"{name:<36} p50 {cut[49] * 1000:6.1f} ms   p99 {cut[98] * 1000:6.1f} ms   n {len(seconds)}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prints", type=int, default=150)
    args = parser.parse_args()
    luck = random.Random(1)
    found = []
    with open_desk() as desk, chromium() as browser:
        page, stamp = open_chart(browser, desk), Stamp(desk.bench.wires["ark"])
        for _ in range(args.prints + WARM):
            found.append(once(desk, page, stamp))
            time.sleep(luck.uniform(0.05, 0.25))
    stored, shown = zip(*found[WARM:], strict=True)
    print(row("last byte -> written in the database", list(stored)))
    print(row("last byte -> value on the page", list(shown)))


if __name__ == "__main__":
    main()
