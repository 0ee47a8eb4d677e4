"""The list of gateways: narrowed, sorted, paged by keys, counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cloud.accounts import services as accounts
from cloud.accounts.models import Region, Store
from cloud.fleet import listing
from cloud.fleet import services as fleet
from cloud.fleet.listing import Asked
from cloud.fleet.models import Instrument
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.tenancy import current_tenant


@pytest.fixture
def chain(engine, world):
    """Chain one with seven more stores of one gateway each; the world's own two stay as they are."""
    with unit_of_work(engine, world.one) as session:
        region = Region(name="Coast")
        session.add(region)
        session.flush()
        for number in range(7):
            _gateway(session, number, region.id)
        yield session


def _gateway(session, number, region_id):
    store = accounts.open_store(session, slug=f"s-{number}", name=f"Store {number:02}", zone="UTC")
    session.get_one(Store, (current_tenant(), store.id)).region_id = region_id if number < 4 else None
    one = fleet.enrol(session, store_id=store.id, slug=f"box-{number}")
    one.state, one.since, one.seen_at = ("online", "offline")[number % 2], now(), now() - timedelta(minutes=number)
    one.software, one.clock_state, one.depth = f"emmetra 1.{number % 3}", "synced", number * 10
    one.alarms = ["outbox_full: Make room."] if number == 2 else []
    if number == 4:
        where = {"gateway_id": one.id, "store_id": store.id, "link": "tcp", "family": "ar", "dev": "ar-1"}
        session.add(Instrument(**where, state="lost"))
    session.flush()


def slugs(session, **asked):
    return [line.gateway.slug for line in listing.lines(session, Asked(**asked))]


def boxes(session, **asked):
    return [slug for slug in slugs(session, **asked) if slug.startswith("box")]


def test_it_is_the_whole_chain_and_nothing_of_another(chain, world, engine):
    assert len(slugs(chain)) == 9
    with unit_of_work(engine, world.two) as theirs:
        assert slugs(theirs) == ["gw-1"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "store 03"}, ["box-3"]),
        ({"words": "BOX-5"}, ["box-5"]),
        ({"words": "coast"}, ["box-0", "box-1", "box-2", "box-3"]),
        ({"words": "coast 1.1"}, ["box-1"]),
        ({"words": "100%"}, []),
        ({"state": "offline"}, ["box-1", "box-3", "box-5"]),
        ({"state": "problems"}, ["box-2", "box-4"]),
        ({"store": "s-6"}, ["box-6"]),
        ({"version": "emmetra 1.2"}, ["box-2", "box-5"]),
        ({"alarm": "outbox_full"}, ["box-2"]),
        ({"alarm": "outbox"}, []),
        ({"sort": "depth", "down": True, "state": "online"}, ["box-6", "box-4", "box-2", "box-0"]),
        ({"sort": "seen", "state": "online"}, ["box-6", "box-4", "box-2", "box-0"]),
    ],
)
def test_it_is_narrowed_and_sorted(chain, asked, found):
    assert boxes(chain, **asked) == found


@pytest.mark.parametrize("sort", listing.SORTS)
@pytest.mark.parametrize("down", [False, True])
def test_pages_of_any_order_hold_every_gateway_once(chain, monkeypatch, sort, down):
    """Forwards to the end and back to the beginning, whatever it is sorted by."""
    monkeypatch.setattr(listing, "PAGE", 4)
    whole = slugs(chain, sort=sort, down=down)
    asked, walked, pages = Asked(sort=sort, down=down), [], []
    while True:
        page = listing.page(chain, asked, 9)
        pages.append([line.gateway.slug for line in page.lines])
        walked += pages[-1]
        if not page.older:
            break
        asked = replace(asked, after=listing.read_place(sort, page.older))
    assert walked == whole
    back = listing.page(chain, replace(asked, after=listing.read_place(sort, page.newer), back=True), 9)
    assert [line.gateway.slug for line in back.lines] == pages[-2]


def test_the_first_page_has_nothing_before_and_the_last_nothing_behind(chain):
    page = listing.page(chain, Asked(), 9)
    assert (page.total, page.newer, page.older) == (9, "", "")


def test_counts_at_a_glance(chain):
    assert listing.counts(chain) == {"online": 4, "offline": 3, "never_seen": 2, "problems": 2, "all": 9}


def test_instruments_are_counted_by_state(chain):
    found = {line.gateway.slug: line.instruments for line in listing.page(chain, Asked(), 9).lines}
    assert found["box-4"] == {"lost": 1}
    assert found["gw-1"] == {"connected": 3}


def test_there_is_something_to_narrow_by(chain):
    found = listing.choices(chain)
    assert [word for _id, word in found.regions] == ["Coast"]
    assert found.versions == [(one, one) for one in ("emmetra 1.2", "emmetra 1.1", "emmetra 1.0")]
    assert found.alarms == [("outbox_full", "outbox_full")]


@pytest.mark.parametrize("written", ["x", "depth~", "~", "yesterday~4", "1~x"])
def test_a_place_that_is_none_is_refused(written):
    with pytest.raises(ValueError):
        listing.read_place("seen", written)
