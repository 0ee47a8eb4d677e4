"""Pages of letters: what staff may see of them, and what they may do."""

import pytest
from sqlalchemy import event, select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.messages import models, office, services
from cloud.messages.choices import State
from tests.cloud.messages.letters_here import LOCAL, MAIL, TEXT, deliver, kept, letter, never_quiet, written


@pytest.fixture
def desk(engine, app, world):
    """Letters lie on the page, in the tests' process and in the pages'."""
    never_quiet(engine, world)
    engines = (engine, app.extensions["emmetra.engine"])
    before = [office.of(one) for one in engines]
    for one in engines:
        office.install(one, LOCAL)
    yield
    for one, was in zip(engines, before, strict=True):
        office.install(one, was)


def test_the_list_is_the_stores_own_by_state_and_by_patient(engine, world, sign_in):
    written(engine, world, key="a", store_id=world.hill.id, words={**letter(world).words, "patient": "Hilda"})
    one = written(engine, world, key="b", to=None)
    page = sign_in(world.rosa).get("/messages").text
    assert (f"/messages/{one}" in page, page.count('data-part="letter-')) == (True, 1)
    assert "Neither an e-mail address nor a mobile number is known" in page
    for shelf, count in {"sent": 0, "waiting": 0, "stuck": 1, "withdrawn": 0, "nonsense": 1}.items():
        assert sign_in(world.rosa).get(f"/messages?shelf={shelf}").text.count('data-part="letter-') == count
    assert sign_in(world.rosa).get("/messages?q=Okafor").text.count('data-part="letter-') == 1
    assert sign_in(world.rosa).get("/messages?q=Lindqvist").text.count('data-part="letter-') == 0
    assert sign_in(world.rosa).get("/messages?about=visit:1").text.count('data-part="letter-') == 1
    assert sign_in(world.rosa).get("/messages?about=visit:2").text.count('data-part="letter-') == 0


def test_the_list_goes_on_by_keys(engine, world, sign_in, monkeypatch):
    monkeypatch.setattr("cloud.messages.listing.PAGE", 2)
    ids = [written(engine, world, key=f"k{number}") for number in range(5)]
    browser = sign_in(world.rosa)

    def shown(address):
        page = browser.get(address).text
        return [one for one in ids if f'data-part="letter-{one}"' in page], 'rel="next"' in page, 'rel="prev"' in page

    assert shown("/messages") == (ids[3:], True, False)
    assert shown(f"/messages?before={ids[3]}") == (ids[1:3], True, True)
    assert shown(f"/messages?before={ids[1]}") == (ids[:1], False, True)
    assert shown(f"/messages?after={ids[2]}") == (ids[3:], True, False)


@pytest.mark.parametrize("address", ["/messages", "/patients/{grace}/messages"])
def test_a_list_asks_no_more_for_three_than_for_one(engine, app, world, sign_in, address):
    def asked():
        said = []
        event.listen(app.extensions["emmetra.engine"], "before_cursor_execute", hear := lambda *a: said.append(a[2]))
        try:
            assert sign_in(world.rosa).get(address.format(grace=world.grace)).status_code == 200
        finally:
            event.remove(app.extensions["emmetra.engine"], "before_cursor_execute", hear)
        return len(said)

    written(engine, world)
    few = asked()
    written(engine, world, key="b", patient_id=world.per)
    written(engine, world, key="c")
    assert asked() == few


def test_a_letter_shows_its_words_and_story_and_none_of_its_secrets(engine, world, sign_in):
    one = written(engine, world)
    page = sign_in(world.rosa).get(f"/messages/{one}").text
    assert "Bring your &lt;glasses&gt; &amp; lenses." in page
    assert ("s3cret" in page, "Tuesday 15 December 2026, 09:20" in page) == (False, True)
    with unit_of_work(engine, world.one) as session:
        looked = select(Entry.subject_id).where(Entry.verb == "looked", Entry.subject_kind == "letter")
        assert session.scalars(looked).all() == [str(one)]


def test_a_letter_that_was_not_sent_is_sent_again_and_one_that_was_is_not(engine, world, sign_in, desk):
    office.install(engine, office.Office())
    one, browser = written(engine, world), sign_in(world.rosa)
    assert deliver(engine, world, one) == State.DENIED
    office.install(engine, LOCAL)
    assert browser.post(f"/messages/{one}/again").status_code == 303
    assert deliver(engine, world, one) == State.SENT
    assert browser.post(f"/messages/{one}/again", follow_redirects=True).text.count("cannot be sent again") == 1
    assert kept(engine, world, one).state == State.SENT


def test_charlie_can_neither_see_nor_send_our_letters(engine, world, sign_in):
    one = written(engine, world)
    browser = sign_in(world.charlie)
    assert [browser.get(f"/messages/{one}").status_code, browser.post(f"/messages/{one}/again").status_code] == [
        404
    ] * 2
    assert (kept(engine, world, one).state, f"/messages/{one}" in browser.get("/messages").text) == ("waiting", False)


def test_an_owner_sets_how_the_store_writes_and_reception_does_not(engine, world, sign_in):
    typed = {"sender": "Pier Eye Care", "reply_to": "desk@pier.test", "quiet_from": "20:30", "quiet_to": "09:00"}
    assert sign_in(world.rosa).post("/messages/manner", data=typed).status_code == 403
    owner = sign_in(world.olivia, store_id=world.pier.id)
    assert owner.post("/messages/manner", data=typed).status_code == 303
    assert "Pier Eye Care" in owner.get("/messages/manner").text
    with unit_of_work(engine, world.one) as session:
        row = session.scalars(select(models.Setting)).one()
        assert (row.store_id, row.sender, row.quiet_from, row.quiet_to) == (world.pier.id, "Pier Eye Care", 1230, 540)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("sender", "x" * 81, "at most 80"),
        ("sender", "a\x07b", "on one line"),
        ("reply_to", "nobody", "Write an e-mail address"),
        ("quiet_from", "25:00", "Write a time"),
        ("quiet_to", "", "Write a time"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_kept(engine, world, sign_in, field, value, says):
    typed = {"sender": "Pier", "reply_to": "", "quiet_from": "21:00", "quiet_to": "08:00", field: value}
    answer = sign_in(world.olivia, store_id=world.pier.id).post("/messages/manner", data=typed)
    assert (answer.status_code, says in answer.text) == (422, True)
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(models.Setting)).all() == []


def test_telephones_side_by_side_show_what_arrived_with_links_to_follow(engine, world, sign_in, desk):
    for told in ({"to": TEXT}, {"to": MAIL, "key": "m"}):
        assert deliver(engine, world, written(engine, world, **told)) == State.SENT
    page = sign_in(world.rosa).get("/messages/phones").text
    assert page.count('data-part="phone-') == 2
    assert page.count('href="https://book.test/b/s3cret-token"') == 2
    assert "Bring your &lt;glasses&gt; &amp; lenses." in page
    empty = sign_in(world.bob).get("/messages/phones").text
    assert ("s3cret" in empty, "No telephone has rung yet" in empty) == (False, True)


def test_an_answer_typed_at_the_desk_is_heard_and_noted(engine, world, sign_in, desk):
    assert deliver(engine, world, written(engine, world, to=TEXT)) == State.SENT
    browser = sign_in(world.rosa)
    page = browser.post("/messages/phones", data={"number": TEXT.value, "body": "TD"}, follow_redirects=True).text
    assert "No more letters go to this number." in page
    assert (
        "Write something first"
        in browser.post("/messages/phones", data={"number": TEXT.value, "body": " "}, follow_redirects=True).text
    )
    with unit_of_work(engine, world.one) as session:
        assert [one.by for one in session.scalars(select(models.Reply))] == [world.rosa.id]
        assert services.compared("phone", TEXT.value) == session.scalars(select(models.Suppression.normalized)).one()


def test_a_practice_that_does_not_play_has_no_such_page(engine, world, sign_in, desk, app):
    office.install(app.extensions["emmetra.engine"], office.Office(local=frozenset({"another"})))
    browser = sign_in(world.rosa)
    assert browser.get("/messages/phones").status_code == 404
    assert browser.post("/messages/phones", data={"number": TEXT.value, "body": "STOP"}).status_code == 404
    assert "/messages/phones" not in browser.get("/messages").text
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(models.Reply)).all() == []
