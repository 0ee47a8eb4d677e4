"""``python -m deploy.pictures``: the screenshots that the docs name, wide and narrow, in both languages."""

import argparse
import contextlib
import io
import json
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pyotp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from cloud.accounts.queries import find_staff
from cloud.app import create_app
from cloud.imaging import queries as imaging
from cloud.imaging import services as marking
from cloud.imaging import tasks as deriving
from cloud.imports import tasks
from cloud.imports.queries import due
from cloud.kernel import embedded
from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Settings
from cloud.readings import queries as readings
from deploy import assets, pictured_fleet
from deploy.demo import pictured
from deploy.demo.seeding import PASSWORD, seed

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = Path("/usr/bin/chromium")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
ALICE, OLIVIA = "alice@harbour.example", "olivia@harbour.example"
CHILD, WATCHED = "Novak", "H-1005"  # whose eyes grow; whose nerve fibres, fields and corneas are followed
TYPED = {
    **{"visual_acuity.1.distance_habitual.R": "6/9", "visual_acuity.1.distance_habitual.L": "6/7.5"},
    **{"manifest.1.sphere.R": "-1.50", "manifest.1.cylinder.R": "-1.25", "manifest.1.axis.R": "134"},
    **{"manifest.1.sphere.L": "-1.75", "manifest.1.cylinder.L": "-0.25", "manifest.1.axis.L": "134"},
    **{"biometry.1.axial_length.R": "23.84", "biometry.1.axial_length.L": "23.95"},
}
ROWS = (
    *(("Moreno", "Lucia", "F", "14/03/1984"), ("陈", "静", "F", "02/11/1991"), ("Baker", "Tom", "M", "31/02/1990")),
    *(("", "Nina", "F", "21/07/1979"), ("Haddad", "Omar", "M", "25/09/2011"), ("Ito", "Ren", "perhaps", "17/01/1966")),
)
HEADINGS = "Record number,Name,Given name,Sex,DOB,Mobile"
LIST = "\n".join([HEADINGS, *(f"P-{n},{','.join(row)},+44 7700 900{n}" for n, row in enumerate(ROWS, 101))])
MARKS = (
    {"shape": "caliper", "frame": 32, "points": [[0.5, 0.425], [0.5, 0.49]]},
    {"shape": "caliper", "frame": 32, "points": [[0.5, 0.345], [0.5, 0.49]]},
    {"shape": "arrow", "frame": 32, "points": [[0.66, 0.27], [0.56, 0.38]], "words": "swollen"},
)
COLOURS = 128
TO_THE_REFRACTION = """() => { const one = document.querySelector("#element-manifest");
    if (one) scrollTo(0, scrollY + one.getBoundingClientRect().top - innerHeight / 3); }"""


@dataclass(frozen=True, slots=True)
class Practice:
    """The demo's chains at an address, without instruments."""

    address: str
    secret: str
    app: Flask

    def signed_in(self, browser: Browser, email: str) -> StorageState:
        """What a browser keeps of being signed in; a one-time code is good once."""
        page = browser.new_context(base_url=self.address).new_page()
        page.goto("/sign-in")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        if "/code" in page.url:
            page.fill("input[autocomplete=one-time-code]", pyotp.TOTP(self.secret).now())
            page.keyboard.press("Enter")
        page.wait_for_selector(".rail")
        return page.context.storage_state()

    def page(self, browser: Browser, size: str, language: str, kept: StorageState) -> Page:
        """A browser of this width and language, for whoever is signed in."""
        width, height = SIZES[size]
        view: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(base_url=self.address, viewport=view, storage_state=kept)
        context.add_cookies([{"name": "language", "value": language, "url": self.address}])
        return context.new_page()

    def work(self) -> None:
        """What the worker would do with an import."""
        engine = self.app.extensions["emmetra.engine"]
        while waiting := list(due(engine)):
            for one in waiting:
                tasks.step(engine, *one)


@contextlib.contextmanager
def practice() -> Iterator[Practice]:
    """Everything up until the block ends."""
    with tempfile.TemporaryDirectory(prefix="emm-") as name:
        folder = Path(name)
        url = embedded.start(folder / "database").get_uri()
        seed(url, folder)
        blobs = str(folder / "blobs")
        app = create_app(
            Settings(url, "a secret of the pictures", secure_cookies=False, blobs=blobs, blob_key="5e" * 32)
        )
        web = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        secret = json.loads((folder / "accounts.json").read_text())["totp_secret"]
        yield Practice(f"http://127.0.0.1:{web.server_port}", secret, app)
        app.extensions["emmetra.hub"].close()
        web.shutdown()
        thread.join()
        app.extensions["emmetra.engine"].dispose()
        embedded.start(folder / "database").cleanup()


def patient(page: Page, words: str) -> str:
    """The address of the first patient these words find."""
    found = re.search(r"/patients/\d+", page.request.get("/patients/find", params={"q": words}).text())
    if found is None:
        raise LookupError(words)
    return found[0]


def begin(page: Page) -> str:
    """Begin the child's next examination and type into it; answers its address."""
    page.goto(f"{patient(page, CHILD)}/examinations")
    page.select_option("#template", "myopia_control")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_selector("#exam[data-ready]")
    for place, text in TYPED.items():
        folded = page.locator(f'[data-element="{place.split(".")[0]}"][data-folded] [data-folds]')
        if folded.count():
            folded.click()
        page.fill(f'[data-place="{place}"]', text)
        page.keyboard.press("Tab")
    page.wait_for_selector("[data-saved][data-how=saved]")
    return page.url


def bring(found: Practice, page: Page) -> str:
    """Bring a list of patients as far as its dry run; answers its address."""
    page.goto("/patients/imports")
    page.set_input_files("input[type=file]", {"name": "patients.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.locator("form:has(input[type=file]) button").first.click()
    page.wait_for_url(re.compile(r"/imports/\d+$"))
    found.work()
    page.reload()
    page.locator("form[action$='/columns'] .btn-primary").click()
    page.wait_for_url(re.compile(r"/imports/\d+$"))
    found.work()
    return page.url


def next_week() -> date:
    """Its Monday: the demo's visits begin today."""
    today = date.today()
    return today + timedelta(days=7 - today.weekday())


def fleet_pages(found: Practice) -> dict[str, str]:
    """Furnish the fleet; its pages by the names of their pictures."""
    engine = found.app.extensions["emmetra.engine"]
    who = find_staff(engine, OLIVIA)
    if who is None:
        raise LookupError(OLIVIA)
    pictured_fleet.furnish(engine, *who)
    with unit_of_work(engine, who[0]) as session:
        number = pictured_fleet.gateway(session, "Faro")
    return {
        **{"fleet": "/fleet", "map": "/fleet/map", "gateway": f"/fleet/{number}", "alerts": "/fleet/alerts"},
        "inventory": "/fleet/instruments?sort=due",
    }


def imaging_pages(found: Practice) -> dict[str, str]:
    """Bring pictures and derive what is shown of them; the grid, a volume, and two dates side by side, marked."""
    engine = found.app.extensions["emmetra.engine"]
    then, _left, _photo, today, *_others = pictured.furnish(engine)
    while due_now := imaging.due(engine):
        for one in due_now:
            deriving.derive(engine, *one)
    tenant_id, staff_id = find_staff(engine, ALICE) or (0, 0)
    with unit_of_work(engine, tenant_id) as session:
        grace = readings.one(session, today).patient_id
        for reading_id, marks in ((then, MARKS[:1]), (today, MARKS[1:])):
            marking.mark(session, reading_id, marks, (), frames=64, by=staff_id)
    here = f"/patients/{grace}/pictures"
    return {"pictures": here, "viewer": f"{here}/{today}", "viewer-dates": f"{here}/{then}?beside={today}"}


def taken(page: Page, address: str, name: str) -> None:
    """A screenshot of what is in sight, in few colours."""
    page.goto(address)
    page.wait_for_selector("#exam[data-ready], body:not(:has(#exam))")
    if page.locator("[data-chart], .chart").count():
        page.wait_for_timeout(1500)  # charts become alive when they are near
    if page.locator("#viewer").count():
        page.wait_for_function("() => !document.querySelector('.pane:not([data-shown])')")
    page.evaluate(TO_THE_REFRACTION)
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def named() -> set[str]:
    """Pictures that some page of the docs shows."""
    pages = (ROOT / "README.md", *ROOT.glob("docs/**/*.md"))
    return {name for page in pages for name in re.findall(r"pictures/([a-z-]+)\.png", page.read_text("utf-8"))}


def main(argv: Sequence[str] | None = None) -> None:
    """Take every picture anew, or those of the pages named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="names of pages, for instance viewer")
    only = set(parser.parse_args(argv).pages)
    assets.main()
    with practice() as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--headless"])
        one, other = (found.signed_in(browser, email) for email in (ALICE, OLIVIA))
        alice, olivia = (found.page(browser, "wide", "en", kept) for kept in (one, other))
        child, watched = patient(alice, CHILD), patient(alice, WATCHED)
        seen = {
            "examination": (one, begin(alice)),
            "trends": (one, f"{child}/trends"),
            "course": (one, f"{watched}/trends/rnfl"),
            "biomechanics": (one, f"{watched}/biomechanics"),
            "import": (other, bring(found, olivia)),
            "calendar": (one, f"/calendar?day={next_week()}&view=week"),
            **{name: (other, address) for name, address in fleet_pages(found).items()},
            **{name: (one, address) for name, address in imaging_pages(found).items()},
        }
        shown = named()
        for size, language, (name, (who, address)) in product(SIZES, ("en", "zh"), seen.items()):
            if (file := f"{name}-{size}-{language}") in shown and (not only or name in only):
                page = found.page(browser, size, language, who)
                taken(page, address, file)
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
