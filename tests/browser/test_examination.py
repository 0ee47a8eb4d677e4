"""A practice moves in and examines: a list of patients, one of them in the chair, the record, the prescription.

Read from top to bottom: every test goes on where the one before it left the desk.
"""

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from deploy.demo.seeding import PASSWORD
from firmware_sim.instrument import PrintOut
from firmware_sim.patients import Eye, Patient
from tests.browser.test_journey import ALICE, OLIVIA, sign_in
from tests.cloud.imports import files_here
from tests.journeys.desk import Desk, open_desk

pytestmark = pytest.mark.timeout(300)
RIGHT = Eye(sphere=-2.25, cylinder=-0.75, axis=80, addition=1.75)
LEFT = Eye(sphere=-0.75, cylinder=-0.5, axis=100, addition=1.75)
EYES = Patient(right=RIGHT, left=LEFT, pd_mm=62)
EXCHANGED = Patient(right=LEFT, left=RIGHT, pd_mm=62)
RECORD, LINE = "I-00512", 512
PATIENCE = 30_000
SIDES = {"right": "R", "left": "L"}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        desk.bench.instruments["rt"].parts = ("unaided", "subj", "final")  # only what it measures itself
        yield desk


def opened(desk: Desk, chromium: Browser) -> Page:
    """A page in a browser of its own on which nothing may go wrong unnoticed."""
    page = chromium.new_context(base_url=desk.address, locale="en-GB").new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda failure: page.complaints.append(str(failure)))
    return page


@pytest.fixture(scope="module")
def clinician(desk: Desk, chromium: Browser) -> Iterator[Page]:
    page = opened(desk, chromium)
    sign_in(page, ALICE)
    yield page
    page.context.close()


@pytest.fixture
def page(clinician: Page) -> Iterator[Page]:
    """The clinician's own, all morning long."""
    yield clinician
    assert clinician.complaints == []  # type: ignore[attr-defined]


def moving_in() -> list[list[str]]:
    rows = files_here.thousand()
    rows[LINE][1:5] = ["Castellanos", "Henrietta", "F", "12/11/1976"]
    return rows


def counted(page: Page) -> dict[str, str]:
    """What a page of an import counts, by its heading."""
    lines = page.locator("dl.counts > div").all()
    return {one.locator("dt").inner_text(): one.locator("dd").first.inner_text() for one in lines}


def test_a_thousand_patients_are_imported_and_the_wrong_rows_given_back(desk, chromium, tmp_path):
    page = opened(desk, chromium)
    sign_in(page, OLIVIA)
    page.get_by_label("Code from your authenticator app").fill(pyotp.TOTP(desk.told["totp_secret"]).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.get_by_role("link", name="Patients", exact=True).click()
    page.get_by_role("link", name="Import from a file").click()
    book = tmp_path / "old system.xlsx"
    book.write_bytes(files_here.workbook(moving_in()))
    page.get_by_label("List of patients").set_input_files(book)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Try it out").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Nothing is written yet")).to_be_visible(timeout=PATIENCE)
    tried = counted(page)
    assert (tried["New patients"], tried["Wrong rows"]) == ("963", "37")
    assert desk.rows("SELECT 1 FROM people_patient WHERE record_number = :record", record=RECORD) == []

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        wrong = list(csv.DictReader(file))
    assert len(wrong) == 37
    assert {one["What is wrong"] for one in wrong} >= {"There is no name.", "Line 2 has this record number already."}
    assert wrong[0]["Line"] == "29"

    page.get_by_role("button", name="Take in 963 rows").click()
    expect(page.get_by_text("The import is done.")).to_be_visible(timeout=PATIENCE)
    assert counted(page) == {"Added": "963", "Brought up to date": "0", "Not taken in": "37"}
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


def test_one_of_them_is_found_by_half_a_name_and_an_examination_begun(page, desk):
    page.get_by_role("combobox", name="Search").press_sequentially("stellan")
    expect(page.locator("#found-sheet [role=option]")).to_have_count(1)
    expect(page.locator("#found-sheet [role=option]")).to_contain_text(RECORD)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{desk.patient(RECORD)}")
    page.get_by_role("link", name="Examinations", exact=True).click()
    expect(page.locator("#template option:checked")).to_have_text("Routine examination, 40 to 64")
    page.keyboard.press("n")
    page.wait_for_selector("#exam[data-ready]")
    theirs = "SELECT template FROM clinic_encounter WHERE patient_id = :patient"
    assert desk.rows(theirs, patient=desk.patient(RECORD)) == [("routine_adult",)]


def proposals(page: Page) -> Locator:
    return page.locator("#proposals article")


def proposed(page: Page, text: str) -> Locator:
    return proposals(page).filter(has_text=text)


def value(page: Page, place: str) -> str:
    return page.locator(f'[data-place="{place}"]').input_value()


def standing(page: Page, element: str, names: dict[str, str]) -> dict[str, dict[str, Decimal]]:
    """What the cells of an element hold, by eye, under the names of an instrument's screen."""
    return {
        side: {name: Decimal(value(page, f"{element}.{field}.{letter}")) for name, field in names.items()}
        for side, letter in SIDES.items()
    }


def screen(shown: dict[str, Any], names: dict[str, str]) -> dict[str, dict[str, Decimal]]:
    """The same of what an instrument shows."""
    return {side: {name: Decimal(str(shown[side][name])) for name in names} for side in SIDES}


POWER = {"sphere": "sphere", "cylinder": "cylinder", "axis": "axis"}
WITH_ADD = POWER | {"add": "add"}


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-how", "saved")


@pytest.fixture(scope="module")
def printed(desk: Desk) -> dict[str, PrintOut[Any]]:
    """The print-outs of this examination by instrument, as they come."""
    return {}


def test_what_the_instruments_print_appears_beside_the_examination_by_itself(page, desk, printed):
    page.get_by_role("link", name="Readings", exact=True).click()
    page.wait_for_selector("#live[data-shown=connected]")
    page.keyboard.press("1")
    expect(page.get_by_text("In the chair at Lane 1")).to_be_visible()
    page.wait_for_selector("#live[data-shown=connected]")
    printed["lensmeter"] = desk.bench.print("lensmeter", "", EYES)  # stands in the workshop and knows nobody
    page.get_by_role("button", name="Belongs to Henrietta Castellanos").click()
    page.get_by_role("link", name="Examinations", exact=True).click()
    page.get_by_role("link", name="Routine examination, 40 to 64").click()
    page.wait_for_selector("#exam[data-ready]")
    page.wait_for_selector("#live[data-shown=connected]")
    expect(proposals(page)).to_have_count(1)
    page.evaluate("window.sameDocument = true")

    for place, more in (("ark", 3), ("tonoref", 5), ("rt", 3)):
        before = proposals(page).count()
        printed[place] = desk.bench.print(place, "", EYES)
        expect(proposals(page)).to_have_count(before + more)
    assert page.evaluate("window.sameDocument"), "the page was loaded anew"
    expect(proposed(page, "LM-600P").get_by_role("row", name="Add")).to_contain_text("+1.75")


def test_readings_are_taken_over_one_by_one_and_the_rest_at_once(page, printed):
    glasses = proposed(page, "LM-600P")
    glasses.get_by_role("button", name="Take over").click()
    expect(glasses).to_have_count(0)
    lenses = printed["lensmeter"].shown[0]
    assert standing(page, "glasses.1", WITH_ADD) == screen(lenses, WITH_ADD)
    waiting = proposals(page).count()
    page.keyboard.press("Alt+1")
    expect(proposals(page)).to_have_count(waiting - 1)
    night, day, _corneas = printed["ark"].shown
    assert standing(page, "autorefraction.1", POWER) == screen(night, POWER)
    assert value(page, "autorefraction.1.condition.N") == "night"

    page.keyboard.press("Alt+a")
    expect(proposals(page)).to_have_count(1)
    expect(proposals(page)).to_contain_text("Keratometry has no more room")
    expect(page.locator('[data-place="autorefraction.2.sphere.R"]')).not_to_have_value("")
    assert standing(page, "autorefraction.2", POWER) == screen(day, POWER)
    again, _first, _second, pressure, thickness = printed["tonoref"].shown
    assert standing(page, "autorefraction.3", POWER) == screen(again, POWER)
    assert standing(page, "iop.1", {"iop_mmhg": "iop"}) == screen(pressure, {"iop_mmhg": "iop"})
    assert standing(page, "pachymetry.1", {"cct_um": "cct"}) == screen(thickness, {"cct_um": "cct"})
    unaided, subjective, final = printed["rt"].shown
    assert standing(page, "visual_acuity.1", {"va": "distance_unaided"}) == screen(unaided, {"va": ""})
    refined = WITH_ADD | {"va": "va"}
    assert standing(page, "manifest.1", refined) == screen(subjective, refined)
    assert standing(page, "manifest.2", refined) == screen(final, refined)


def test_a_corrected_cylinder_keeps_what_the_instrument_said(page, printed):
    said = Decimal(printed["rt"].shown[1]["right"]["cylinder"])
    cell = page.locator('[data-cell="manifest.1.cylinder.R"]')
    expect(cell.locator(".mark-words")).to_have_text(re.compile("From NIDEK RT-5100, "))
    page.locator('[data-place="manifest.1.sphere.R"]').focus()
    page.keyboard.press("Tab")
    page.keyboard.type("-1.25")
    page.keyboard.press("Tab")
    saved(page)

    assert value(page, "manifest.1.cylinder.R") == "-1.25"
    words = cell.locator(".mark-words").inner_text()
    assert words.startswith("Changed by Dr Alice Moreau; NIDEK RT-5100, ")
    assert words.endswith(f"said {said:+.2f}".replace("-", "−"))
    passed = page.locator('[data-cell="manifest.1.sphere.R"] .mark-words')
    expect(passed).to_have_text(re.compile("From NIDEK RT-5100, "))  # the cells one only passes are the instrument's


def test_exchanged_eyes_are_noticed_in_numbers_and_taken_over_the_right_way_round(page, desk):
    waiting = proposals(page).count()
    turned = desk.bench.print("tonoref", "", EXCHANGED)
    expect(proposals(page)).to_have_count(waiting + 5)
    warned = proposed(page, "Right and left may be exchanged")
    expect(warned).to_have_count(1)
    assert re.search(r"exchanged: \d\.\d\d D from NIDEK ARK-1a today as given, 0\.\d\d D with", warned.inner_text())
    pressure = proposed(page, "IOP")
    expect(pressure).to_contain_text("printed with this looks as if right and left were exchanged")
    expect(pressure.get_by_role("button", name="Take over", exact=True)).to_have_count(0)

    warned.get_by_role("button", name="Take over with the eyes exchanged").click()
    expect(warned).to_have_count(0)
    pressure.get_by_role("button", name="Take over with the eyes exchanged").click()
    expect(pressure).to_have_count(0)
    crossed = {side: turned.shown[0][other] for side, other in (("right", "left"), ("left", "right"))}
    assert standing(page, "autorefraction.4", POWER) == screen(crossed, POWER)
    assert Decimal(value(page, "iop.2.iop.R")) == Decimal(turned.shown[3]["left"]["iop_mmhg"])
    expect(page.locator('[data-cell="autorefraction.4.sphere.R"] .mark-words')).to_contain_text("NIDEK TONOREF3")


FINAL = ("-225", "125", "80", "", "175", "", "6/5", "N5", "-75", "50", "100", "", "175", "", "6/5", "N5", "6/4", "N5")


def typed(page: Page, *texts: str) -> None:
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def go_to(page: Page, place: str) -> None:
    """Begin to type there; what is missing is a link away, the rest unfolds."""
    page.locator(f'[data-place="{place}"]').evaluate("cell => (cell.querySelector('summary') ?? cell).focus()")


def test_the_rest_is_typed_and_the_examination_signed_and_locked(page, desk):
    go_to(page, "reason.1.reason.N")
    typed(page, "Routine", "cannot read the menu any more")
    for link in ("Anterior segment", "Posterior segment"):
        page.locator("[data-findings]").get_by_role("link", name=link).click()
        page.keyboard.press("Alt+n")
        expect(page.locator("[data-findings]").get_by_role("link", name=link)).to_have_count(0)
    page.locator("#title-final button").press("Enter")
    go_to(page, "final.1.sphere.R")
    typed(page, *FINAL, "All")
    go_to(page, "diagnosis.1.code.N")
    page.keyboard.type("presby")
    expect(page.locator(".code-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    go_to(page, "recall.1.interval.N")
    typed(page, "24", "Months", "Routine")
    saved(page)
    expect(page.locator("[data-findings] :is(.finding-missing, .finding-refuse, .finding-reason)")).to_have_count(0)

    page.keyboard.press("Alt+s")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the examination").click()
    page.wait_for_url(re.compile(r"/examinations/\d+$"))
    expect(page.get_by_text("Verified against its digest")).to_be_visible()
    expect(page.get_by_text("Signed by Dr Alice Moreau").first).to_be_visible()
    expect(page.locator(".record input, .record select, .record textarea")).to_have_count(0)
    record = page.url
    page.goto(f"{record}/write")
    assert page.url == record
    theirs = "SELECT number FROM clinic_version WHERE encounter_id = :visit"
    assert desk.rows(theirs, visit=int(record.rpartition("/")[2])) == [(1,)]


def test_an_amendment_gives_its_reason_and_the_earlier_version_can_be_read_again(page):
    record = page.url
    before = page.locator(".versions time").first.get_attribute("datetime")
    page.get_by_role("button", name="Amend").click()
    page.wait_for_selector("#exam[data-ready]")
    go_to(page, "recall.1.interval.N")
    typed(page, "12")
    saved(page)
    page.keyboard.press("Alt+s")
    page.get_by_label("Why the signed record changes").select_option(label="Seen differently on review")
    page.get_by_label("In words").fill("Father has glaucoma, she rang to say")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the amendment").click()
    page.wait_for_url(record)

    expect(page.locator(".changes")).to_contain_text(re.compile(r"24\s*→\s*12"))
    expect(page.locator(".versions")).to_contain_text("Father has glaucoma, she rang to say")
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_text("You see version 1 as it was signed.")).to_be_visible()
    recall = page.locator(".record-group").filter(has=page.get_by_role("heading", name="Recall"))
    expect(recall).to_contain_text("24")
    page.goto(f"{record}?at={before}".replace("+", "%2B"))
    expect(page.get_by_text("You see version 1 as it was signed.")).to_be_visible()
    page.goto(record)
    expect(recall).to_contain_text("12")


def scanned(pdf: bytes) -> str:
    """The address in the code on the paper, read from its picture."""
    drawn = subprocess.run(
        ["pdftoppm", "-png", "-r", "200", "-singlefile", "-"], input=pdf, capture_output=True, check=True
    )
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(drawn.stdout)))
    return code.text


def test_the_final_refraction_is_prescribed_printed_and_verified_by_a_stranger(page, desk, chromium):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed here")
    page.get_by_role("link", name="Prescribe from this refraction").click()
    fields = ("sphere", "cylinder", "axis", "add_near")
    held = [page.input_value(f"#{side}_{name}") for side in ("right", "left") for name in fields]
    assert held == ["-2.25", "-1.25", "080", "+1.75", "-0.75", "-0.50", "100", "+1.75"]
    assert page.input_value("#pd_far") == "62"
    page.locator("#design").select_option(label="Progressive")
    page.locator("#licence").fill("OPT-77")
    page.keyboard.press("Tab")
    expect(page.locator("#checks")).to_contain_text("Nothing to remark.")
    page.get_by_role("button", name="Sign").click()
    page.locator("#sign .btn-primary").click()
    page.wait_for_url(re.compile(r"/prescriptions/\d+$"))

    token = page.locator("input[name=csrf_token]").first.input_value()
    made = page.request.post(f"{page.url}/paper", form={"csrf_token": token, "paper": "a5"}).body()
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True).stdout
    paper = " ".join(text.decode().split())
    assert "Henrietta Castellanos" in paper
    values = ["−2.25", "−1.25", "080", "+1.75", "−0.75", "−0.50", "100"]
    assert [one for one in values if one in paper] == values

    stranger = opened(desk, chromium)
    stranger.goto("/v")
    stranger.fill("#code", re.search(r"\w{4}-\w{4}-\w{4}", paper)[0])
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_text("Genuine and in force.")).to_be_visible()
    address = scanned(made)
    assert address.startswith(f"{desk.address}/v/")
    stranger.goto(address)
    expect(stranger.get_by_text("Genuine and in force.")).to_be_visible()
    told = stranger.locator(".rx-upright").inner_text()
    assert [one for one in values if one in told] == values
    assert "Castellanos" not in stranger.content()
    assert stranger.complaints == []  # type: ignore[attr-defined]
    stranger.context.close()
