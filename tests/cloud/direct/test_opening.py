"""How a store stands on the internet: who may say it, what is refused, and what of it patients and other sites get."""

import pytest
from sqlalchemy import select

from cloud.direct.models import Door
from cloud.direct.opening import Opening, is_origin
from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import found

SAID = {"open": "yes", "phone": "+351 21 000 0000", "accent": "#1A646D", "frames": "https://shop.example", "most": "3"}


def rows(engine, tenant):
    with unit_of_work(engine, tenant) as session:
        return session.scalars(select(Door)).all()


def test_the_owner_says_it_and_the_trail_names_what_was_changed(engine, world, sign_in):
    found(engine, world)
    page = sign_in(world.olivia, store_id=world.pier.id)
    assert page.post("/online-booking", data=SAID).status_code == 303
    [door] = rows(engine, world.one)
    assert (door.phone, door.accent, door.frames, door.most) == (SAID["phone"], "#1a646d", ["https://shop.example"], 3)
    assert "#1a646d" in page.get("/online-booking").get_data(as_text=True)
    with unit_of_work(engine, world.one) as session:
        [line] = session.scalars(select(Entry).where(Entry.subject_kind == "online booking"))
    assert sorted(line.details["fields"]) == ["accent", "frames", "most", "phone"]
    address = f"/book/one-{world.number}/pier"
    public = sign_in(None)
    assert "tel:+351210000000" in public.get(address).get_data(as_text=True)
    assert "--em-accent" in public.get(f"{address}/look.css").get_data(as_text=True)
    assert page.post("/online-booking", data=SAID | {"open": ""}).status_code == 303
    assert public.get(address).status_code == 404


@pytest.mark.parametrize("who", ["alice", "rosa", "omar", "charlie", "dora"])
def test_whoever_may_not_plan_changes_nothing(engine, world, sign_in, who):
    page = sign_in(getattr(world, who))
    assert page.post("/online-booking", data=SAID).status_code == 403
    assert (rows(engine, world.one), rows(engine, world.two)) == ([], [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "call me"},
        {"accent": "red"},
        {"accent": "#1a646d; } body { display: none"},
        {"frames": "*"},
        {"frames": "https://*"},
        {"frames": "http://shop.example"},
        {"frames": "https://shop.example/path"},
        {"frames": "https://shop.example; script-src *"},
        {"frames": "https://a.example 'self'"},
        {"most": "0"},
        {"most": "many"},
    ],
)
def test_what_does_not_fit_is_said_beside_it_and_changes_nothing(engine, world, sign_in, wrong):
    answer = sign_in(world.olivia).post("/online-booking", data=SAID | wrong)
    [name] = wrong
    assert (answer.status_code, f'id="{name}-error"' in answer.get_data(as_text=True)) == (422, True)
    assert rows(engine, world.one) == []


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("https://shop.example", True),
        ("https://shop.example:8443", True),
        ("http://localhost:8080", True),
        ("https://", False),
        ("https://shop.example/", False),
        ("https://user@shop.example", False),
        ("javascript:alert(1)", False),
        ("https://shop.example%0d%0aX: y", False),
    ],
)
def test_only_a_site_and_nothing_more_widens_who_may_show_a_page(text, may):
    assert is_origin(text) is may


def headers(page, address):
    answer = page.get(address)
    return answer.headers["Content-Security-Policy"].split("frame-ancestors ")[1], answer.headers.get("X-Frame-Options")


def test_only_the_pages_for_frames_may_be_shown_and_only_where_the_chain_says(engine, world, sign_in):
    found(engine, world)
    with unit_of_work(engine, world.one) as session:
        session.add(Door(store_id=world.pier.id, frames=["https://shop.example"]))
        session.add(Door(store_id=None, frames=["https://chain.example"]))
    page, address = sign_in(None), f"/book/one-{world.number}/pier"
    allowed, denied = headers(page, f"{address}/in")
    assert (set(allowed.split()), denied) == ({"'self'", "https://shop.example", "https://chain.example"}, None)
    for other in (address, f"{address}/when", "/b/nothing", "/sign-in", "/v"):
        assert headers(page, other) == ("'none'", "DENY")
    assert headers(page, f"/book/two-{world.number}/mill/in") == ("'self'", None)


def test_nothing_is_said_of_a_store_until_somebody_says_it():
    assert Opening() == Opening(open=True, phone="", emergency="", accent="", frames=(), most=4)
