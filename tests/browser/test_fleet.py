"""The fleet in a browser: the list follows what is typed, the address with it, and the map can be walked by keys."""

import pytest
from playwright.sync_api import Browser, expect

from cloud.kernel.database import unit_of_work
from cloud.operations import places
from tests.browser.practice import open_practice


@pytest.fixture(scope="module")
def omar(chromium: Browser):
    with open_practice() as practice:
        with unit_of_work(practice.engine, practice.world.one) as session:
            for place, north in ((practice.world.pier, 38.7), (practice.world.hill, 41.2)):
                by = practice.world.omar.id
                places.put(session, place.id, latitude=north, longitude=-9, address="1 Street", by=by)
        page = practice.page(chromium, practice.world.omar)
        yield page
        page.context.close()


def test_the_list_and_the_address_follow_what_is_typed(omar):
    omar.goto("/fleet")
    expect(omar.locator("#fleet tbody tr")).to_have_count(2)
    omar.fill("#fleet-q", "pier")
    expect(omar.locator("#fleet tbody tr")).to_have_count(1)
    omar.wait_for_url("**/fleet?q=pier")
    omar.reload()
    assert omar.input_value("#fleet-q") == "pier"
    expect(omar.locator("#fleet tbody tr")).to_have_count(1)


def test_the_dots_of_the_map_are_links_with_words(omar):
    omar.goto("/fleet/map")
    found = [one.get_attribute("aria-label") for one in omar.locator("a.dot").all()]
    assert sorted(label.split(":")[0] for label in found) == ["Hill", "Pier"]
    omar.locator("a.dot").first.focus()
    omar.keyboard.press("Enter")
    assert "#store-" in omar.url
