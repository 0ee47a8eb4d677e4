"""First thumbnail, and the next slice: ``python -m benchmarks.viewer``.

The pages with an embedded PostgreSQL, the worker in a thread, Chromium with the patient's pictures
open. The first clock starts when the transaction that keeps the bytes and the reading is over (the upload before it is
not counted) and stops when the thumbnail is loaded on the open page. The second starts at the key and stops in the
animation frame after the slice is painted; ``opened`` waits until every slice is fetched, ``at once`` does not.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Page

from benchmarks.screen import chromium
from cloud import worker
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from deploy.demo.pictured import DICOM, Taken, filed
from firmware_sim.eye_pictures import files, retina
from tests.browser.practice import Practice, open_practice

PRESS = """() => new Promise((tell) => {
  const pane = document.querySelector(".pane"), before = pane.dataset.shown, began = performance.now();
  new MutationObserver((_, watch) => {
    if (pane.dataset.shown === before) return;
    watch.disconnect();
    requestAnimationFrame(() => tell(performance.now() - began));
  }).observe(pane, { attributes: true, attributeFilter: ["data-shown"] });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
})"""
FETCHED = "performance.getEntriesByType('resource').filter((one) => /frame-/.test(one.name)).length"


@contextmanager
def working(practice: Practice) -> Iterator[None]:
    """The worker, as it is."""
    over = threading.Event()
    thread = threading.Thread(target=worker.run, args=(practice.engine, over))
    thread.start()
    yield
    over.set()
    thread.join()


def bring(practice: Practice, data: bytes, slices: int, number: int) -> str:
    """Keep a volume of Grace's; the address of its viewer. The clock starts when this returns."""
    world = practice.world
    said = {"modality": "OPT", "laterality": "right", "frames": slices}
    taken = Taken(now() + timedelta(seconds=number), data, DICOM, "Tomograph 3", said)
    with unit_of_work(practice.engine, world.one) as session:
        [reading] = filed(session, world.pier.sender, world.grace, [taken], by=world.alice.id, first=number)
    return f"/patients/{world.grace}/pictures/{reading}"


def thumbnail(page: Page, practice: Practice, data: bytes, slices: int, number: int) -> tuple[float, str]:
    """Seconds until the thumbnail is on the page, and the viewer's address."""
    page.goto(f"/patients/{practice.world.grace}/pictures")
    page.wait_for_timeout(500)
    address = bring(practice, data, slices, number)
    began = time.perf_counter()
    tile = page.locator(f'a[href="{address}"] img')
    tile.wait_for()
    while not tile.evaluate("(one) => one.complete && one.naturalWidth > 0"):
        page.wait_for_timeout(5)
    return time.perf_counter() - began, address


def scrolled(page: Page, address: str, slices: int, *, opened: bool) -> list[float]:
    """Milliseconds of each next slice from the first on."""
    page.goto(address)
    page.wait_for_selector(".pane[data-shown]")
    while opened and page.evaluate(FETCHED) < slices:
        page.wait_for_timeout(50)
    page.keyboard.press("Home")
    page.wait_for_selector('.pane[data-shown="0"]')
    return [page.evaluate(PRESS) for _slice in range(slices - 1)]


def told(name: str, values: list[float], unit: str, limit: float) -> None:
    """One row."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    middle = statistics.median(values)
    print(f"{name:32} median {middle:8.2f}  p95 {p95:8.2f}  max {ordered[-1]:8.2f} {unit} (≤ {limit:g})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--slices", type=int, default=128)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    volumes = [files.volume(retina.Macula(args.slices, seed=n), "right", now()) for n in range(args.times)]
    with open_practice() as practice, working(practice), chromium() as browser:
        page = practice.page(browser, practice.world.alice)
        waited = [thumbnail(page, practice, data, args.slices, n) for n, data in enumerate(volumes, 1)]
        told(f"thumbnail of {len(volumes[0]) / 1e6:.0f} MB", [seconds for seconds, _address in waited], "s", 2)
        address = waited[0][1]
        while page.request.get(f"{address}/state.json").json()["state"] != "ready":
            time.sleep(1)
        told("next slice, opened", scrolled(page, address, args.slices, opened=True), "ms", 50)
        told("next slice, at once", scrolled(page, address, args.slices, opened=False), "ms", 50)


if __name__ == "__main__":
    main()
