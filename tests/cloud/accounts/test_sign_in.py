"""Signing in: who gets in, who is kept out, and what neither of them learns."""

import hashlib
import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update

from cloud.accounts import gate, services
from cloud.accounts.errors import CodeRefused, SignInRefused, TooManyAttempts
from cloud.accounts.models import FailedSignIn, Staff
from cloud.app import create_app
from cloud.kernel import clock
from cloud.kernel.audit import Entry
from cloud.kernel.database import outside, unit_of_work
from cloud.kernel.settings import Settings
from tests.cloud.people_here import PASSWORD, Someone, World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def wrong(engine: Engine, address: str) -> int:
    who = hashlib.sha256(address.encode()).hexdigest()
    with outside(engine) as session:
        return session.scalar(select(func.count()).where(FailedSignIn.who == who)) or 0


def change(engine: Engine, someone: Someone, **values: object) -> None:
    with unit_of_work(engine, someone.tenant_id) as session:
        session.execute(update(Staff).where(Staff.id == someone.id).values(**values))


def audited(engine: Engine, someone: Someone) -> list[str]:
    with unit_of_work(engine, someone.tenant_id) as session:
        found = select(Entry.verb).where(Entry.subject_kind == "staff", Entry.subject_id == str(someone.id))
        return list(session.scalars(found.order_by(Entry.id)))


def test_address_and_password_together_open_the_door(engine, world):
    assert services.check_password(engine, world.alice.email, PASSWORD) == (world.one, world.alice.id)
    assert services.check_password(engine, f" {world.alice.email.upper()} ", PASSWORD) == (world.one, world.alice.id)
    assert audited(engine, world.alice) == ["signed_in"] * 2


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", "\x00", "x" * 100_000])
def test_a_wrong_password_is_refused_counted_and_noted(engine, world, password):
    with pytest.raises(SignInRefused):
        services.check_password(engine, world.alice.email, password)
    assert (wrong(engine, world.alice.email), audited(engine, world.alice)) == (1, ["sign_in_refused"])


def test_an_unknown_address_takes_the_same_path_as_a_wrong_password(engine, world, monkeypatch):
    """Each verifies exactly one hash and counts exactly one failure."""
    verified, verify = list[str](), services._verify
    monkeypatch.setattr(services, "_verify", lambda digest, word: verified.append(digest) or verify(digest, word))
    stranger = f"nobody-{world.number}@example.test"
    for address in (stranger, world.alice.email):
        with pytest.raises(SignInRefused):
            services.check_password(engine, address, "wrong")

    assert len(verified) == 2
    assert [wrong(engine, stranger), wrong(engine, world.alice.email)] == [1, 1]


def test_somebody_who_left_is_refused_with_the_right_password_and_at_the_same_cost(engine, world, monkeypatch):
    change(engine, world.alice, active=False)
    verified, verify = list[str](), services._verify
    monkeypatch.setattr(services, "_verify", lambda digest, word: verified.append(digest) or verify(digest, word))
    with pytest.raises(SignInRefused):
        services.check_password(engine, world.alice.email, PASSWORD)
    assert len(verified) == 1


def test_after_ten_wrong_ones_even_the_right_one_waits_a_quarter_of_an_hour(engine, world, monkeypatch):
    for _attempt in range(services.ATTEMPTS):
        with pytest.raises(SignInRefused):
            services.check_password(engine, world.alice.email, "wrong")
    with pytest.raises(TooManyAttempts):
        services.check_password(engine, world.alice.email, PASSWORD)
    assert services.check_password(engine, world.bob.email, PASSWORD) == (world.one, world.bob.id)

    later = clock.now() + services.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(services, "now", lambda: later)
    assert services.check_password(engine, world.alice.email, PASSWORD) == (world.one, world.alice.id)


def test_a_right_password_forgets_the_wrong_ones(engine, world):
    with pytest.raises(SignInRefused):
        services.check_password(engine, world.alice.email, "wrong")
    services.check_password(engine, world.alice.email, PASSWORD)
    assert wrong(engine, world.alice.email) == 0


def test_passwords_are_kept_as_argon2_hashes(engine, world):
    with unit_of_work(engine, world.one) as session:
        digests = session.scalars(select(Staff.password_hash)).all()
    assert all(digest.startswith("$argon2id$") and PASSWORD not in digest for digest in digests)
    assert len(set(digests)) == len(digests)


# One-time codes


def check(engine: Engine, someone: Someone, code: str) -> None:
    with unit_of_work(engine, someone.tenant_id) as session:
        services.check_code(session, someone.id, code)


def code_at(steps: int) -> str:
    return pyotp.TOTP(SECRET).at(int(clock.now().timestamp()) + 30 * steps)


@pytest.fixture
def guarded(engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch) -> Someone:
    """Alice with codes turned on; time stands still."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(services, "now", lambda: moment)
    change(engine, world.alice, totp_secret=SECRET)
    return world.alice


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_good_one_step_early_or_late(engine, guarded, steps):
    check(engine, guarded, code_at(steps))
    with pytest.raises(CodeRefused):  # it was taken, and so is used up
        check(engine, guarded, code_at(steps))


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_two_steps_away_is_refused(engine, guarded, steps):
    with pytest.raises(CodeRefused):
        check(engine, guarded, code_at(steps))


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "٠٠٠٠٠٠", "\x00", "1" * 1000])
def test_a_code_that_is_none_is_refused(engine, guarded, code):
    with pytest.raises(CodeRefused):
        check(engine, guarded, code)


def test_a_code_may_be_typed_with_a_space(engine, guarded):
    code = code_at(0)
    check(engine, guarded, f"{code[:3]} {code[3:]}")
    with pytest.raises(CodeRefused):
        check(engine, guarded, code)


def test_a_code_is_used_once_and_so_are_the_ones_before_it(engine, guarded):
    check(engine, guarded, code_at(0))
    for steps in (0, -1):
        with pytest.raises(CodeRefused):
            check(engine, guarded, code_at(steps))
    check(engine, guarded, code_at(1))


def test_codes_begin_with_one_that_is_right(engine, world):
    with pytest.raises(CodeRefused), unit_of_work(engine, world.one) as session:
        services.begin_codes(session, world.alice.id, SECRET, "000000")
    with unit_of_work(engine, world.one) as session:
        assert not services.needs_code(session, world.alice.id)
        services.begin_codes(session, world.alice.id, SECRET, code_at(0))
        assert services.needs_code(session, world.alice.id)


def test_codes_that_are_on_cannot_be_replaced_by_whoever_sits_at_the_screen(engine, guarded):
    other = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
    with pytest.raises(CodeRefused), unit_of_work(engine, guarded.tenant_id) as session:
        services.begin_codes(session, guarded.id, other, pyotp.TOTP(other).now())
    check(engine, guarded, code_at(0))


# The pages


def signs_in(client, someone: Someone, password: str = PASSWORD, **args: str):
    return client.post("/sign-in", query_string=args, data={"email": someone.email, "password": password})


def test_signing_in_and_out(world, sign_in):
    client = sign_in()
    response = signs_in(client, world.alice)
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert client.get("/").location == "/sign-in?next=/"


def test_a_wrong_password_says_neither_which_of_the_two_nor_the_password(world, sign_in):
    stranger = Someone(0, 0, f"nobody-{world.number}@example.test", world.pier)
    pages = [signs_in(sign_in(), one, "my wrong password") for one in (world.alice, stranger)]
    own = re.compile(
        rf"{stranger.email}|{world.alice.email}|[\w-]+\.[\w-]+\.[\w-]{{27}}"
    )  # the address, and a form's token
    texts = [own.sub("", page.get_data(as_text=True)) for page in pages]

    assert [page.status_code for page in pages] == [422, 422]
    assert texts[0] == texts[1]
    assert "my wrong password" not in texts[0]


def test_the_tenth_wrong_password_is_the_last(world, sign_in):
    client = sign_in()
    assert [signs_in(client, world.alice, "wrong").status_code for _ in range(11)] == [422] * 10 + [429]
    assert signs_in(client, world.alice).status_code == 429
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("address", ["\x00", "", "a" * 10_000, "' OR 1=1 --", "<script>"])
def test_a_hostile_address_is_an_unknown_one_or_not_understood(world, sign_in, address):
    response = sign_in().post("/sign-in", data={"email": address, "password": "x"})
    assert response.status_code == (400 if "\x00" in address else 422)
    assert "<script>" not in response.get_data(as_text=True)


ELSEWHERE = [
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "\\\\evil.test",
    "javascript:alert(1)",
]


@pytest.mark.parametrize(
    "place", [*ELSEWHERE, "///evil.test", "/\n/evil.test", "evil.test", " //evil.test", "http:evil.test"]
)
def test_nobody_is_led_elsewhere_after_signing_in(world, sign_in, place):
    assert signs_in(sign_in(), world.alice, next=place).location == "/"


def test_one_goes_on_where_one_wanted_to(world, sign_in):
    client = sign_in()
    asked = client.get("/patients?q=grace")
    assert asked.location == "/sign-in?next=/patients?q%3Dgrace"
    assert signs_in(client, world.alice, next="/patients?q=grace").location == "/patients?q=grace"


def test_the_code_cannot_be_skipped(world, sign_in, guarded):
    client = sign_in()
    response = signs_in(client, guarded, next="/tray")
    assert response.location == "/sign-in/code?next=/tray"
    assert client.get("/tray").status_code == 303
    assert client.get("/api/v1/tray").status_code == 401
    assert client.get("/live").status_code == 401
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert client.get("/tray").status_code == 303

    passed = client.post("/sign-in/code?next=/tray", data={"code": code_at(0)})
    assert (passed.status_code, passed.location) == (303, "/tray")
    assert client.get("/tray").status_code == 200


def test_guessing_codes_is_stopped_after_ten(world, sign_in, guarded):
    client = sign_in()
    signs_in(client, guarded)
    found = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(11)]
    assert found == [422] * 10 + [429]
    assert client.post("/sign-in/code", data={"code": code_at(0)}).status_code == 429


def test_the_code_page_is_nothing_without_a_password(sign_in):
    assert sign_in().get("/sign-in/code").location == "/sign-in"
    assert sign_in().post("/sign-in/code", data={"code": "123456"}).location == "/sign-in"


def test_a_session_ends_after_its_hours(app, world, sign_in):
    client = sign_in(world.alice)
    assert client.get("/").status_code == 200
    with client.session_transaction() as kept:
        kept["began"] -= app.config["EMMETRA_SESSION_SECONDS"] + 1
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("kept", [{"began": None}, {"staff_id": 10**9}, {"tenant_id": 10**9}])
def test_a_session_that_does_not_hold_together_is_none(world, sign_in, kept):
    client = sign_in(world.alice)
    with client.session_transaction() as session:
        session.update({name: value for name, value in kept.items() if value is not None})
        for name in [name for name, value in kept.items() if value is None]:
            del session[name]
    assert client.get("/").status_code == 303


def test_somebody_who_left_is_out_at_the_next_click(engine, world, sign_in):
    client = sign_in(world.alice)
    assert client.get("/").status_code == 200
    change(engine, world.alice, active=False)
    assert client.get("/").status_code == 303


def test_a_session_of_one_chain_cannot_be_bent_to_another(world, sign_in):
    """Even with the cookie's key, Alice's number is nobody's in the other chain."""
    client = sign_in(world.alice)
    with client.session_transaction() as kept:
        kept["tenant_id"] = world.two
    assert client.get("/").status_code == 303


def test_turning_codes_on_at_ones_own_account(engine, world, sign_in):
    client = sign_in(world.alice)
    assert client.get("/account").status_code == 200
    with client.session_transaction() as kept:
        secret = kept["new_secret"]
    picture = client.get("/account/code.svg")
    assert (picture.mimetype, b'xmlns="http://www.w3.org/2000/svg"' in picture.data) == ("image/svg+xml", True)
    assert client.post("/account/codes", data={"code": "000000"}).status_code == 422
    assert client.post("/account/codes", data={"code": pyotp.TOTP(secret).now()}).status_code == 303
    with client.session_transaction() as kept:
        assert "new_secret" not in kept
    assert signs_in(sign_in(), world.alice).location.startswith("/sign-in/code")


def test_one_works_in_ones_own_stores_alone(world, sign_in):
    client = sign_in(world.olivia)
    for slug, name in (("hill", "Hill"), ("pier", "Pier"), ("mill", "Pier"), ("nowhere", "Pier")):
        assert client.post("/store", data={"store": slug}).status_code == 303
        page = client.get("/fleet").get_data(as_text=True)
        assert re.findall(r'aria-current="true">(\w+)', page) == [name]


# Forms from elsewhere


@pytest.fixture
def strict(server, database) -> Flask:
    app = create_app(Settings(server.app_url(database), "a secret of the tests", secure_cookies=False))
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    yield app
    app.extensions[gate.ENGINE].dispose()


# No session stands behind these: programs show a key, and every form of patients has a stamp of its own, looked at once
# the store or the link is known (tests/cloud/direct).
OTHERWISE = {"exchange_api": {401}, "direct": {404, 410}, "entrance": {404}}


def test_a_form_from_elsewhere_is_refused_everywhere(strict):
    client = strict.test_client()
    posts = {rule.rule: rule.endpoint for rule in strict.url_map.iter_rules() if "POST" in (rule.methods or ())}
    zero = "00000000-0000-7000-8000-000000000000"
    for rule, endpoint in posts.items():
        rule = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
        address = re.sub(r"<\w+>", "x", re.sub(r"<int:\w+>", "1", re.sub(r"<uuid:\w+>", zero, rule)))
        assert client.post(address).status_code in OTHERWISE.get(endpoint.partition(".")[0], {400}), rule


def test_a_form_of_ours_is_taken(strict, world):
    client = strict.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    told = {"email": world.alice.email, "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/sign-in", data=told).status_code == 303


def test_the_cookie_is_for_this_site_and_not_for_scripts(server, database):
    app = create_app(Settings(server.app_url(database), "a secret"))
    assert app.config["SESSION_COOKIE_SECURE"]
    assert (app.config["SESSION_COOKIE_SAMESITE"], app.config["SESSION_COOKIE_HTTPONLY"]) == ("Lax", True)
