"""Writing an examination: keys only, kept within a second, safe when the browser is killed, signed and locked."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cloud.clinic import drafting, queries
from cloud.clinic.catalogue.shapes import Place as Step
from cloud.clinic.catalogue.shapes import Template, Words
from cloud.clinic.choices import Origin
from cloud.clinic.drafting import Put
from cloud.clinic.places import read
from cloud.kernel.database import unit_of_work
from tests.browser.looking import AXE, SIZES
from tests.browser.practice import PASSWORD, Practice, open_practice

PLAIN = Template(
    "plain",
    1,
    Words("Plain examination", "普通检查"),
    tuple(Step(code) for code in ("visual_acuity", "manifest", "final", "iop", "anterior", "diagnosis", "recall")),
)


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with open_practice() as practice:
        yield practice


@pytest.fixture
def visit(practice: Practice) -> int:
    """An examination of Grace's that Alice has begun."""
    world = practice.world
    with unit_of_work(practice.engine, world.one) as session:
        return drafting.begin(
            session, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id
        ).id


@pytest.fixture
def page(practice: Practice, chromium: Browser, visit: int) -> Iterator[Page]:
    page = practice.page(chromium, practice.world.alice)
    open_exam(page, visit)
    yield page
    page.context.close()
    assert page.complaints == []  # type: ignore[attr-defined]


def open_exam(page: Page, visit: int) -> None:
    page.goto(f"/examinations/{visit}/write")
    page.wait_for_selector("#exam[data-ready]")


def held(practice: Practice, visit: int) -> dict[str, str]:
    """What the database has of the draft."""
    with unit_of_work(practice.engine, practice.world.one) as session:
        draft = queries.draft(session, visit)
        return {entry.place: entry.entered for entry in queries.entries(session, draft.id)} if draft else {}


def typed(page: Page, *texts: str) -> None:
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-how", "saved")


REFRACTION = {
    **{"manifest.1.sphere.R": "-1.75", "manifest.1.cylinder.R": "-0.50", "manifest.1.axis.R": "005"},
    **{
        "manifest.1.add.R": "+2.00",
        "manifest.1.prism.R": "2 BI",
        "manifest.1.va.R": "6/6-2",
        "manifest.1.near_va.R": "N5",
    },
    **{"manifest.1.sphere.L": "+0.25", "manifest.1.cylinder.L": "-0.75", "manifest.1.axis.L": "175"},
    **{
        "manifest.1.add.L": "+2.00",
        "manifest.1.prism.L": "1 BU",
        "manifest.1.va.L": "6/9",
        "manifest.1.near_va.L": "N6",
    },
    **{"manifest.1.va.B": "6/6", "manifest.1.near_va.B": "N5", "manifest.1.end_point.N": "balanced"},
    **{"manifest.1.balance.N": "fogging", "manifest.1.vertex.N": "12", "manifest.1.note.N": "brisk answers"},
}


def test_a_refraction_of_twenty_fields_is_typed_with_the_keyboard_only(page, practice, visit):
    page.locator('[data-place="manifest.1.sphere.R"]').focus()
    typed(page, "-175", "50", "5", "200", "2 BI", "6/6-2", "N5")
    typed(page, "25", "75", "175", "2", "1 BU", "6/9", "N6")
    typed(page, "6/6", "N5", "Bal", "Alt", "12", "brisk answers")
    saved(page)

    assert (len(REFRACTION), held(practice, visit)) == (20, REFRACTION)


def test_plus_and_minus_step_by_a_quarter_and_arrows_change_the_eye(page):
    sphere = page.locator('[data-place="manifest.1.sphere.R"]')
    sphere.focus()
    page.keyboard.type("-1.00")
    page.keyboard.press("ArrowDown")
    other = page.locator('[data-place="manifest.1.sphere.L"]')
    expect(other).to_be_focused()
    page.keyboard.press("ArrowUp")
    for key in "--+-":
        page.keyboard.press(key)

    expect(sphere).to_have_value("-1.50")


def test_a_minus_after_the_digits_is_their_sign(page):
    page.locator('[data-place="manifest.1.sphere.R"]').focus()
    page.keyboard.type("2.25-")
    page.keyboard.press("Tab")

    expect(page.locator('[data-place="manifest.1.sphere.R"]')).to_have_value("-2.25")


def test_what_is_no_value_says_so_beside_the_field_and_is_kept(page, practice, visit):
    page.locator('[data-place="manifest.1.axis.R"]').focus()
    typed(page, "400")
    saved(page)

    expect(page.locator('[data-cell="manifest.1.axis.R"] [data-problem]')).to_contain_text("1 to 180")
    assert held(practice, visit) == {"manifest.1.axis.R": "400"}


def test_a_browser_that_is_killed_loses_at_most_the_last_second(practice, chromium, visit):
    doomed = practice.page(chromium, practice.world.alice)
    answered: list[str] = []
    doomed.on("response", lambda one: answered.append(one.request.post_data or ""))
    doomed.clock.install()  # a second of the page, however long the machine takes for it
    open_exam(doomed, visit)
    doomed.locator('[data-place="manifest.1.note.N"]').focus()
    doomed.keyboard.type("seen well with this", delay=100)
    doomed.clock.run_for(1000)
    while not any("seen well with this" in one for one in answered):
        doomed.wait_for_timeout(20)
    doomed.keyboard.type(" x")
    doomed.context.close()

    assert held(practice, visit)["manifest.1.note.N"].startswith("seen well with this")


def test_what_could_not_be_sent_waits_in_the_browser_and_goes_when_the_line_is_back(page, practice, visit):
    page.context.set_offline(True)
    page.locator('[data-place="manifest.1.sphere.R"]').focus()
    typed(page, "-3.00")
    expect(page.locator("[data-saved]")).to_contain_text("Kept in this browser")
    assert held(practice, visit) == {}
    page.context.set_offline(False)
    saved(page)

    assert held(practice, visit) == {"manifest.1.sphere.R": "-3.00"}
    assert page.evaluate("localStorage.length") == 0
    page.complaints.clear()  # the browser itself complains about the missing line


def test_what_was_kept_is_sent_by_the_next_page(practice, chromium, visit):
    page = practice.page(chromium, practice.world.alice)
    page.goto("/patients")
    kept = [{"place": "manifest.1.sphere.L", "entered": "-4.00", "quality": "ok"}]
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [f"emmetra.exam.{visit}", json.dumps(kept)])
    with page.expect_response(lambda one: "-4.00" in (one.request.post_data or "")):
        open_exam(page, visit)
    saved(page)
    page.context.close()

    assert held(practice, visit) == {"manifest.1.sphere.L": "-4.00"}


def test_all_normal_writes_words_and_undo_takes_them_back(page, practice, visit):
    page.locator("#element-anterior select").first.focus()
    page.keyboard.press("Alt+n")
    saved(page)
    expect(page.locator("[data-undoes]")).to_be_enabled()
    assert len(held(practice, visit)) > 10
    page.keyboard.press("Alt+z")
    expect(page.locator("[data-undoes]")).to_be_disabled()

    assert held(practice, visit) == {}


def test_a_diagnosis_is_looked_up_and_chosen_by_keys(page, practice, visit):
    page.locator('[data-place="diagnosis.1.code.N"]').focus()
    page.keyboard.type("myop")
    expect(page.locator(".code-list [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    saved(page)

    assert held(practice, visit)["diagnosis.1.code.N"].startswith("icd10:H")


def test_a_colleague_sees_who_writes_and_changes_nothing_until_taking_over(practice, chromium, page, visit):
    page.locator('[data-place="manifest.1.sphere.R"]').focus()
    typed(page, "-1.00")
    saved(page)
    bob = practice.page(chromium, practice.world.bob)
    open_exam(bob, visit)
    expect(bob.get_by_text("Dr Alice Moreau is writing this examination")).to_be_visible()
    expect(bob.locator(".exam-sheet")).to_have_attribute("inert", "")
    bob.get_by_role("button", name="Take over").click()
    bob.wait_for_selector("#exam[data-mine=yes]")
    bob.context.close()
    page.locator('[data-place="manifest.1.sphere.L"]').focus()
    typed(page, "-9.00")
    expect(page.locator("[data-saved]")).to_contain_text("Dr Bob Tal is writing")

    assert held(practice, visit) == {"manifest.1.sphere.R": "-1.00"}
    page.complaints.clear()  # the refused request


def test_what_was_typed_last_is_prescribed_from_too(page):
    page.locator('[data-place="final.1.sphere.R"]').focus()
    page.keyboard.type("-3.25")
    page.locator("#element-final").get_by_role("link", name="Prescribe from this refraction").click()

    expect(page.locator("#right_sphere")).to_have_value("-3.25")


WRITTEN = {"manifest.1.sphere.R": "2.00", "manifest.1.cylinder.R": "0.75", "manifest.1.axis.R": "5"}


def test_passing_through_what_an_instrument_wrote_changes_nothing(page, practice, visit):
    wrote = [Put(read(place), text, Origin.DEVICE, source="reading") for place, text in WRITTEN.items()]
    with unit_of_work(practice.engine, practice.world.one) as session:
        drafting.put(session, encounter_id=visit, values=wrote, by=practice.world.alice.id)
    open_exam(page, visit)
    cells = [page.locator(f'[data-place="{place}"]') for place in WRITTEN]
    assert [cell.input_value() for cell in cells] == ["+2.00", "+0.75", "005"]
    cells[0].focus()
    typed(page, "", "", "")
    saved(page)

    assert held(practice, visit) == WRITTEN
    assert [page.locator(f'[data-cell="{place}"]').get_attribute("data-origin") for place in WRITTEN] == ["device"] * 3


def test_signing_asks_for_the_password_and_leaves_a_locked_record(page, practice, visit):
    page.locator('[data-place="manifest.1.sphere.R"]').focus()
    typed(page, "-1.00")
    page.locator('[data-place="recall.1.interval.N"]').fill("12")
    page.locator('[data-place="recall.1.unit.N"]').select_option("months")
    page.locator('[data-place="recall.1.reason.N"]').select_option(index=1)
    page.keyboard.press("Alt+s")
    password = page.get_by_label("Your password")
    password.fill("not mine")
    page.get_by_role("button", name="Sign the examination").click()
    expect(page.get_by_text("That is not your password")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the examination").click()
    page.wait_for_url(f"**/examinations/{visit}")
    with unit_of_work(practice.engine, practice.world.one) as session:
        assert queries.visit(session, visit).state == "signed"
    page.goto(f"/examinations/{visit}/write")
    assert page.url.endswith(f"/examinations/{visit}")
    page.complaints.clear()  # the refused password


def test_nothing_serious_stands_in_the_way_of_anybody(page):
    """Between desk and phone, which tests/browser/test_every_page.py looks at."""
    width, height = SIZES["tablet"]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)))")
    assert [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in found] == []
