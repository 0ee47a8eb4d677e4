"""Anyone may ask whether a paper is genuine; nobody learns more than a dispenser must know."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from sqlalchemy import func, select, text, update

from cloud.app import create_app
from cloud.kernel.audit import Entry
from cloud.kernel.clock import now
from cloud.kernel.database import outside, unit_of_work
from cloud.kernel.hashing import digest
from cloud.people.models import Patient
from cloud.prescriptions import proving, queries, services, tokens
from cloud.prescriptions.choices import Kind, State
from cloud.prescriptions.errors import NoSuchToken, TooManyGuesses
from cloud.prescriptions.models import Guess, Proof
from tests.cloud.prescriptions.written_here import sign

_places = count(1)


@pytest.fixture
def away(sign_in):
    """Another browser, somewhere else, in which nobody is signed in."""
    client = sign_in()
    client.environ_base["REMOTE_ADDR"] = f"2001:db8::{next(_places):x}"
    return client


@pytest.fixture
def signed(engine, world):
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Patient).where(Patient.id == world.grace).values(birth_date="1961-03-09"))
        return sign(session, world.pier, world.alice, world.grace, changed={"notes_patient": "private words"})


@pytest.fixture
def secret(engine, world, signed):
    """What stands on a paper of hers."""
    made = tokens.fresh()
    with unit_of_work(engine, world.one) as session:
        proving.keep(session, signed, made, b"%PDF the file", paper="a5", language="en", by=world.alice.id)
    return made


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_the_qr_shows_what_a_dispenser_must_compare_and_no_name(away, secret):
    answer = away.get(f"/v/{secret.token}")
    told = words(answer)

    assert answer.status_code == 200
    expected = ("Genuine and in force.", "−2.25", "−1.50", "010", "6/5 -1", "Chain One, Pier", "Dr Alice Moreau")
    assert [one for one in (*expected, "OPT-12345", "G. O.", "born 1961", "63.5") if one not in told] == []
    assert [one for one in ("Grace", "Okafor", "R-1", "9 Mar", "private words") if one in told] == []


def test_no_one_keeps_the_page_and_no_search_engine_finds_it(away, secret):
    headers = away.get(f"/v/{secret.token}").headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_code_may_be_typed_carelessly(away, secret):
    typed = tokens.grouped(secret.code).lower().replace("-", "  ")
    answer = away.post("/v", data={"code": typed})
    assert "Genuine and in force." in words(answer)


def tampered(token):
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def test_a_changed_code_is_refused_counted_and_told_nothing(engine, away, secret):
    with outside(engine) as session:
        before = session.scalar(select(func.count()).select_from(Guess))
    answer = away.get(f"/v/{tampered(secret.token)}")

    assert answer.status_code == 404
    assert "No prescription was ever printed with this code." in words(answer)
    assert [one for one in ("Chain One", "Alice", "2.25") if one in words(answer)] == []
    with outside(engine) as session:
        assert session.scalar(select(func.count()).select_from(Guess)) == before + 1


@pytest.mark.parametrize("nonsense", ["x", "%00", "..%2f..%2fetc", "' OR 1=1 --", "𝟟" * 12, "A" * 5000])
def test_what_can_be_no_code_is_refused(away, nonsense):
    assert away.get(f"/v/{nonsense}").status_code == 404
    assert away.post("/v", data={"code": nonsense}).status_code == 404


def test_after_too_many_guesses_nothing_is_answered_for_a_while(away, secret):
    codes = [away.post("/v", data={"code": f"{n:012d}"}).status_code for n in range(proving.GUESSES)]
    last = away.get(f"/v/{secret.token}")

    assert set(codes) == {404}
    assert last.status_code == 429
    assert "Wait 15 minutes" in words(last)


def test_guesses_are_forgotten_after_a_quarter_of_an_hour(owner, engine, world, secret):
    who = proving.whose(f"guesser-{world.number}", "key")
    with outside(engine) as session:
        session.add_all(Guess(who=who) for _ in range(proving.GUESSES))
    with pytest.raises(TooManyGuesses):
        proving.find(engine, secret.token, who)
    with owner.begin() as connection:
        old = now() - proving.WINDOW * 2
        connection.execute(text("UPDATE prescriptions_guess SET at = :old WHERE who = :who"), {"old": old, "who": who})
    assert proving.find(engine, secret.token, who).tenant_id == world.one
    with pytest.raises(NoSuchToken):
        proving.find(engine, tampered(secret.token), who)
    with outside(engine) as session:
        assert session.scalar(select(func.count()).select_from(Guess).where(Guess.who == who)) == 1


@pytest.fixture
def behind(ground):
    """The pages as they are behind one proxy of ours."""
    app = create_app(replace(ground.settings, proxies=1))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app.test_client()
    app.extensions["emmetra.hub"].close()
    app.extensions["emmetra.engine"].dispose()


def guessed(engine, settings, address):
    with outside(engine) as session:
        mine = Guess.who == proving.whose(address, settings.secret_key)
        return session.scalar(select(func.count()).select_from(Guess).where(mine))


def test_behind_a_proxy_guesses_are_counted_by_the_visitor_whatever_he_pretends(engine, ground, behind):
    visitor = f"2001:db8::{next(_places):x}"
    for pretended in ("192.0.2.1", "192.0.2.2"):
        behind.post("/v", data={"code": "0" * 12}, headers={"X-Forwarded-For": f"{pretended}, {visitor}"})
    assert guessed(engine, ground.settings, visitor) == 2


def test_without_one_nobody_can_name_an_address(engine, ground, away):
    pretended = f"2001:db8::{next(_places):x}"
    away.post("/v", data={"code": "0" * 12}, headers={"X-Forwarded-For": pretended})
    assert guessed(engine, ground.settings, pretended) == 0
    assert guessed(engine, ground.settings, away.environ_base["REMOTE_ADDR"]) == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.SUPERSEDED, "Genuine, but superseded."),
        (State.CANCELLED, "Not in force."),
        (State.ENTERED_IN_ERROR, "Not in force."),
    ],
)
def test_a_paper_says_when_it_is_in_force_no_longer(engine, world, away, signed, secret, state, told):
    with unit_of_work(engine, world.one) as session:
        services.end(session, signed.id, state, reason="other", why="because", by=world.alice.id)
    page = words(away.get(f"/v/{secret.token}"))

    assert told in page
    assert "Genuine and in force." not in page
    assert "because" not in page


def test_an_expired_one_says_so(engine, world, away, signed, secret, monkeypatch):
    long_after = now() + timedelta(days=3000)
    monkeypatch.setattr(queries, "now", lambda: long_after)
    page = words(away.get(f"/v/{secret.token}"))
    assert "Genuine, but expired." in page
    assert "It was valid until" in page


def test_a_row_changed_in_the_database_is_not_genuine(owner, world, away, signed, secret):
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE prescriptions_eye NO FORCE ROW LEVEL SECURITY"))
        changed = text("UPDATE prescriptions_eye SET sphere = -1.25 WHERE prescription_id = :id AND eye = 'right'")
        assert connection.execute(changed, {"id": signed.id}).rowcount == 1
        connection.execute(text("ALTER TABLE prescriptions_eye FORCE ROW LEVEL SECURITY"))
    page = words(away.get(f"/v/{secret.token}"))
    assert "This record does not match what was signed." in page
    assert "Genuine" not in page


def test_only_hashes_are_kept(engine, world, secret):
    with unit_of_work(engine, world.one) as session:
        proof = session.scalars(select(Proof)).one()
        kept = {str(value) for value in vars(proof).values()}
    assert [one for one in kept if secret.token in one or secret.code in one] == []
    assert proof.token_hash == digest(secret.token)


def test_the_practice_sees_that_somebody_looked(engine, world, away, signed, secret):
    away.get(f"/v/{secret.token}")
    with unit_of_work(engine, world.one) as session:
        entry = session.scalars(select(Entry).where(Entry.verb == "verified")).one()
    assert (entry.staff_id, entry.subject_id) == (None, str(signed.id))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(("language", "title"), [("en", "rescription"), ("zh", "处方")])
def test_a_printed_paper_holds_its_values_and_verifies(world, engine, sign_in, away, kind, language, title):
    with unit_of_work(engine, world.one) as session:
        row = sign(session, world.pier, world.alice, world.grace, kind)
    sent = {"paper": "a5", "language": language}
    answer = sign_in(world.alice).post(f"/prescriptions/{row.id}/paper", data=sent)
    told = paper_text(answer.data)
    values = {
        Kind.SPECTACLE: ("−2.25", "−1.50", "010", "6/6", "63.5", "12"),
        Kind.CONTACT: ("Aquaclear Toric", "8.60", "14.20", "−3.00", "−1.25", "180", "Peroxide"),
        Kind.DRUG: ("Fluorometholone 0.1 %", "1 drop", "4 times a day × 7"),
    }

    assert answer.mimetype == "application/pdf"
    expected = (
        *values[kind],
        title,
        "Grace Okafor" if language == "en" else "Okafor Grace",
        "Dr Alice Moreau",
        "OPT-12345",
    )
    assert [one for one in expected if one not in told] == []
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", told)
    assert "Genuine and in force." in words(away.post("/v", data={"code": code[0]}))
    assert len(answer.data) < 150_000
    assert b"NotoSansSC" in answer.data


def paper_text(made):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed here")
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True)
    return read.stdout.decode()


def test_a_file_is_the_one_that_was_made_or_it_is_not(away, secret):
    def check(content):
        return words(away.post(f"/v/{secret.token}/file", data={"file": (BytesIO(content), "rx.pdf")}))

    assert "The file is, byte for byte, the one that was made." in check(b"%PDF the file")
    assert "The file is not the one that was made with this code." in check(b"%PDF the fi1e")
    assert "The file is not the one that was made with this code." in check(b"")


def test_every_paper_has_a_token_of_its_own_and_all_of_them_hold(engine, world, sign_in, away, signed):
    alice = sign_in(world.alice)
    papers = [alice.post(f"/prescriptions/{signed.id}/paper", data={"paper": size}).data for size in ("a5", "a4")]
    with unit_of_work(engine, world.one) as session:
        assert len({one.token_hash for one in session.scalars(select(Proof))}) == 2
    codes = [re.search(r"\b\w{4}-\w{4}-\w{4}\b", paper_text(one))[0] for one in papers]
    assert ["Genuine and in force." in words(away.post("/v", data={"code": one})) for one in codes] == [True, True]


@pytest.mark.parametrize(("paper", "language"), [("a3", "en"), ("a5", "xx")])
def test_a_paper_that_does_not_exist_is_refused(engine, world, sign_in, signed, paper, language):
    answer = sign_in(world.alice).post(f"/prescriptions/{signed.id}/paper", data={"paper": paper, "language": language})
    assert answer.status_code == 400
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Proof)).all() == []
