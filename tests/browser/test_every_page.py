"""Every page of the cloud, wide and narrow: nothing shuts anybody out, nothing is too wide, no rule is broken.

The addresses are those of tests/cloud/test_views.py, which fails for an endpoint without a line there.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from cloud.imports import queries, services, tasks
from cloud.imports.forms import MappingForm
from cloud.kernel.database import unit_of_work
from cloud.prescriptions import proving, tokens
from cloud.prescriptions import services as prescriptions
from cloud.prescriptions.choices import Kind, State
from tests.browser.looking import AXE, SIZES, until
from tests.browser.practice import Practice, open_practice
from tests.cloud.clinic import history_here as history
from tests.cloud.imports.files_here import separated, thousand
from tests.cloud.people_here import Someone, World
from tests.cloud.prescriptions.written_here import sign
from tests.cloud.test_views import VIEWS, furnished

# One walk over all pages, wide and narrow, stands before the first test.
pytestmark = pytest.mark.timeout(600)
SERIOUS = """async () => (await axe.run({ resultTypes: ["violations"] })).violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 4).map((node) => node.target).join(" | ")}`)"""
OPENED = "() => document.readyState === 'complete' && !document.querySelector('#exam:not([data-ready])')"
PAPER = "/v/{token}"
FURTHER = ("/patients/{grace}/details?edit=identity", "/patients/imports/{mapped}", "/patients/imports/{tried}")


@dataclass(frozen=True)
class Seen:
    """What was found on a page: by size what axe says, how wide it is at 390, what the browser says."""

    axe: dict[str, list[str]]
    wide: int
    complaints: list[str]


@pytest.fixture(scope="module")
def seen(chromium: Browser) -> dict[str, Seen]:
    """Every page, by its address."""
    with open_practice() as practice:
        places = filled(practice)
        found = dict[str, Seen]()
        for who, addresses in by_reader(practice.world).items():
            page = practice.page(chromium, who)
            found |= {one: looked(page, one.format(**places)) for one in addresses if is_page(page, one, places)}
            page.context.close()
    return found


def filled(practice: Practice) -> dict[str, Any]:
    """Rows for every address; some years of Grace's, prescriptions of every kind; imports at columns and dry run."""
    world, engine = practice.world, practice.engine
    places, secret = furnished(engine, world), tokens.fresh()
    with unit_of_work(engine, world.one) as session:
        history.twenty_years(session, patient_id=world.grace, store_id=world.pier.id, by=world.alice.id, years=3)
        rows = [sign(session, world.pier, world.alice, world.grace, kind) for kind in Kind]
        prescriptions.end(session, rows[1].id, State.CANCELLED, reason="other", why="Lost", by=world.alice.id)
        proving.keep(session, rows[0], secret, b"%PDF", paper="a5", language="en", by=world.alice.id)
        about = {"file_name": "list.csv", "content": separated(thousand()), "most": 2000, "by": world.olivia.id}
        mapped, tried = (services.bring(session, **about).id for _ in range(2))  # type: ignore[arg-type]
    work(practice)
    with unit_of_work(engine, world.one) as session:
        form = MappingForm.of(queries.batch(session, tried))
        services.chart(session, tried, form.mapping, form.options, by=world.olivia.id)
    work(practice)
    return {**places, "mapped": mapped, "tried": tried, "token": secret.token}


def work(practice: Practice) -> None:
    while due := list(queries.due(practice.engine)):
        for one in due:
            tasks.step(practice.engine, *one)


def by_reader(world: World) -> dict[Someone | None, list[str]]:
    """Addresses that are read, by somebody who may."""
    readers = {"nobody": None, "alice": world.alice, "omar": world.omar}
    found: dict[Someone | None, list[str]] = {}
    for method, address, answers in VIEWS.values():
        may = dict(zip(("nobody", "rosa", "omar", "alice"), answers, strict=False))
        who = next((one for name, one in readers.items() if may[name] == 200), world.olivia)
        if method == "GET":
            found.setdefault(who, []).append(address)
    found[world.olivia] += FURTHER
    found[None].append(PAPER)
    return found


def is_page(page: Page, address: str, places: dict[str, Any]) -> bool:
    """Not a part of one, nor a file, nor a stream."""
    if address == VIEWS["live.stream"][1]:
        return False
    answer = page.request.get(address.format(**places))
    return answer.ok and "text/html" in answer.headers.get("content-type", "") and "<html" in answer.text()


def looked(page: Page, address: str) -> Seen:
    """Look at it wide and narrow."""
    page.complaints.clear()  # type: ignore[attr-defined]
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))  # type: ignore[arg-type]
    page.goto(address)
    until(page, OPENED)
    page.evaluate(AXE.read_text())
    found = {"desk": page.evaluate(SERIOUS)}
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))  # type: ignore[arg-type]
    found["phone"] = page.evaluate(SERIOUS)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return Seen(found, wide, list(page.complaints))  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nobody_is_shut_out_of_any_page(seen, size):
    assert {address: one.axe[size] for address, one in seen.items() if one.axe[size]} == {}


def test_no_page_is_wider_than_a_phone(seen):
    assert {address: one.wide for address, one in seen.items() if one.wide > SIZES["phone"][0]} == {}


def test_no_page_breaks_a_rule_of_the_browser(seen):
    assert {address: one.complaints for address, one in seen.items() if one.complaints} == {}


def test_the_pages_were_there_to_be_looked_at(seen):
    some = {"/", "/patients", "/examinations/{writing}/write", "/patients/{grace}/trends", "/v", "/dead-letters"}
    assert some | {PAPER, *FURTHER} <= set(seen)
