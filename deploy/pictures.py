"""``python -m deploy.pictures``: screenshots for the docs, wide and narrow, in both languages."""

import contextlib
import io
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pyotp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from cloud.app import create_app
from cloud.imports import tasks
from cloud.imports.queries import due
from cloud.kernel import embedded
from cloud.kernel.settings import Settings
from deploy import assets
from deploy.demo.seeding import PASSWORD, seed

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
CHROMIUM = Path("/usr/bin/chromium")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
ALICE, OLIVIA = "alice@harbour.example", "olivia@harbour.example"
CHILD = "Novak"
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
        app = create_app(Settings(url, "a secret of the pictures", secure_cookies=False))
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


def taken(page: Page, address: str, name: str) -> None:
    """A screenshot of what is in sight, in few colours."""
    page.goto(address)
    page.wait_for_selector("#exam[data-ready], body:not(:has(#exam))")
    if page.locator("[data-chart], .chart").count():
        page.wait_for_timeout(1500)  # charts become alive when they are near
    page.evaluate(TO_THE_REFRACTION)
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Take every picture anew."""
    assets.main()
    with practice() as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--headless"])
        one, other = (found.signed_in(browser, email) for email in (ALICE, OLIVIA))
        alice, olivia = (found.page(browser, "wide", "en", kept) for kept in (one, other))
        child = patient(alice, CHILD)
        seen = {
            "examination": (one, begin(alice)),
            "trends": (one, f"{child}/trends"),
            "import": (other, bring(found, olivia)),
        }
        for size, language in product(SIZES, ("en", "zh")):
            for name, (who, address) in seen.items():
                page = found.page(browser, size, language, who)
                taken(page, address, f"{name}-{size}-{language}")
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
