"""The cloud alone with its database: pages that need no instrument, served to a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import argon2
from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import Engine

from cloud.accounts import services as accounts
from cloud.app import create_app
from cloud.blobs import vault
from cloud.kernel.database import app_engine, owner_engine
from cloud.kernel.settings import Settings
from cloud.messages import office
from deploy import assets
from tests.browser.serving import served
from tests.cloud.people_here import PASSWORD, Someone, World, found
from tests.cloud.servers import running

NUMBER = 800_001


@dataclass(frozen=True)
class Practice:
    """Two chains at an address."""

    world: World
    engine: Engine
    address: str

    def page(self, chromium: Browser, who: Someone | None, **context: object) -> Page:
        """A browser of their own, signed in; whatever goes wrong in it is kept in ``complaints``."""
        page = chromium.new_context(base_url=self.address, locale="en-GB", **context).new_page()  # type: ignore[arg-type]
        complaints: list[str] = []
        page.complaints = complaints  # type: ignore[attr-defined]
        page.on("console", lambda said: complaints.append(_told(said)) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda failure: complaints.append(str(failure)))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"
        )
        if who is not None:
            sign_in(page, who)
        return page


def sign_in(page: Page, who: Someone) -> None:
    """As a person does."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _told(said: ConsoleMessage) -> str:
    """What, and of which address."""
    return f"{said.text} [{said.location.get('url', '')}]"


@contextmanager
def open_practice() -> Iterator[Practice]:
    """Everything up until the block ends."""
    hasher, nobody = accounts._hasher, accounts._NOBODY
    accounts._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._NOBODY = accounts._hasher.hash("nobody's password")
    assets.main()
    with running("embedded") as server, server.database("emmetra_browser") as name, TemporaryDirectory() as blobs:
        owner, engine = owner_engine(server.owner_url(name)), app_engine(server.app_url(name))
        world = found(owner, engine, NUMBER)
        keeps = {"blobs": blobs, "blob_key": "5e" * 32}
        settings = Settings(server.app_url(name), "a secret of the tests", secure_cookies=False, **keeps)
        vault.install(engine, vault.Vault.of(settings))
        app = create_app(settings)
        with served(app) as address:
            for one in (engine, app.extensions["emmetra.engine"]):  # nobody sends letters here: they lie on a page
                office.install(one, office.Office(public_url=address, local=frozenset("*")))
            try:
                yield Practice(world, engine, address)
            finally:
                app.extensions["emmetra.hub"].close()
        for one in (app.extensions["emmetra.engine"], owner, engine):
            one.dispose()
    accounts._hasher, accounts._NOBODY = hasher, nobody
