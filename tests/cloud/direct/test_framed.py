"""Within the page of somebody else: the token is in the address, and a browser that keeps a cookie is bound to it."""

from datetime import date

import pytest

from cloud.direct.browser import COOKIE, PARTED
from tests.cloud.booking.practice_here import found
from tests.cloud.direct.way_here import Forms, door, patient, reached

GRACE = "grace@example.test"


@pytest.fixture
def practice(engine, world):
    made = found(engine, world)
    reached(engine, made, world.grace, GRACE, date(1980, 5, 4))
    return made


def begun(one, practice):
    """The address of the next step, and the cookie that came along."""
    one.read(f"{door(practice)}/in")
    form = one.forms()[0]
    answer = one.client.post(form.action, data={**form.fields, "contact": GRACE})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(PARTED))
    return answer.location, cookie


def proved(one, address, **headers):
    """The code typed in."""
    form = Forms(one.client.get(address, headers=headers).get_data(as_text=True)).forms[0]
    return one.client.post(form.action, data={**form.fields, "code": one.code()}, headers=headers)


def test_the_cookie_is_for_frames_alone_and_no_other_is_set(app, engine, practice):
    one = patient(app, engine, practice.world.one)
    address, cookie = begun(one, practice)
    assert address.endswith("/code")
    assert "/in/" in address
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"))
    assert one.client.get_cookie(COOKIE) is None


def test_a_browser_without_cookies_goes_by_its_address_alone(app, engine, practice):
    one = patient(app, engine, practice.world.one)
    address, _cookie = begun(one, practice)
    answer = proved(one, address)
    assert answer.location.endswith("/who")
    assert "Grace (1980)" in one.client.get(answer.location).get_data(as_text=True)


def test_an_address_is_worth_nothing_to_others_once_its_browser_was_known(app, engine, practice):
    one = patient(app, engine, practice.world.one)
    address, cookie = begun(one, practice)
    mine = {"Cookie": cookie.partition(";")[0]}
    who = proved(one, address, **mine).location
    assert "Grace (1980)" in one.client.get(who, headers=mine).get_data(as_text=True)
    for theirs in ({}, {"Cookie": f"{PARTED}=guessed"}):
        answer = patient(app, engine, practice.world.one).client.get(who, headers=theirs)
        assert (answer.status_code, answer.location.endswith("/in?over=1")) == (303, True)


def test_the_script_says_where_it_belongs_and_nothing_of_anybody(app, engine, practice):
    one = patient(app, engine, practice.world.one)
    address = f"/widget/one-{practice.world.number}/pier.js"
    answer = one.client.get(address, headers={"Accept-Language": "zh"})
    script = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert f"{door(practice)}/in" in script
    assert "Set-Cookie" not in answer.headers
    assert one.client.get(f"/widget/one-{practice.world.number}/nowhere.js").status_code == 404
