"""What somebody agreed to: per purpose and channel, with text, time, method; only ever added to."""

from datetime import date

import pytest
from sqlalchemy import select

from cloud.kernel.database import unit_of_work
from cloud.people import consent_texts, queries, services
from cloud.people.choices import Purpose
from cloud.people.models import Consent, Preference


def rows(engine, world):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(Consent).order_by(Consent.id)).all()


def say(client, world, patient=None, **answers):
    named = {name.replace("_", ".", 1).rstrip("."): value for name, value in answers.items()}
    named = {name if "." in name else f"{name}.": value for name, value in named.items()}
    return client.post(f"/patients/{patient or world.grace}/consents", data={"method": "spoken", **named})


def test_every_purpose_has_words_in_both_languages():
    for purpose in Purpose:
        version = consent_texts.current(purpose)
        assert consent_texts.words(purpose, version, "en")
        assert consent_texts.words(purpose, version, "zh") != consent_texts.words(purpose, version, "en")
    assert consent_texts.words("care", "99", "en") == ""


def test_an_answer_is_kept_with_text_time_method_and_who_took_it(engine, world, sign_in):
    assert (
        say(sign_in(world.rosa), world, recalls_sms="given", marketing_email="refused", care="given").status_code == 303
    )
    told = {
        (one.purpose, one.channel, one.state, one.text_version, one.method, one.taken_by) for one in rows(engine, world)
    }
    assert told == {
        ("recalls", "sms", "given", "1", "spoken", world.rosa.id),
        ("marketing", "email", "refused", "1", "spoken", world.rosa.id),
        ("care", "", "given", "1", "spoken", world.rosa.id),
    }
    assert all(one.at is not None for one in rows(engine, world))


def test_the_newest_answer_holds_and_the_older_stays(engine, world, sign_in):
    rosa = sign_in(world.rosa)
    for state in ("given", "given", "withdrawn"):
        say(rosa, world, recalls_sms=state)
    assert [one.state for one in rows(engine, world)] == ["given", "withdrawn"]
    with unit_of_work(engine, world.one) as session:
        assert not queries.may_message(session, world.grace, "recalls", "sms")


@pytest.mark.parametrize(
    ("answers", "may"),
    [
        ({}, False),
        ({"recalls_sms": "refused"}, False),
        ({"recalls_email": "given"}, False),
        ({"recalls_sms": "given"}, True),
    ],
)
def test_without_a_yes_for_this_purpose_and_channel_nothing_is_sent(engine, world, sign_in, answers, may):
    say(sign_in(world.rosa), world, **answers)
    with unit_of_work(engine, world.one) as session:
        assert queries.may_message(session, world.grace, "recalls", "sms") is may


@pytest.mark.parametrize(
    "data", [{}, {"method": "telepathy", "recalls.sms": "given"}, {"method": "spoken", "given_by": "1"}]
)
def test_an_answer_nobody_could_have_given_is_refused(engine, world, sign_in, data):
    response = sign_in(world.rosa).post(f"/patients/{world.grace}/consents", data=data)
    assert response.status_code == 422
    assert rows(engine, world) == []


def test_what_nobody_asks_is_left_out(engine, world, sign_in):
    answers = {"recalls.pigeon": "given", "care.sms": "given", "recalls.sms": "perhaps", "method": "paper"}
    assert sign_in(world.rosa).post(f"/patients/{world.grace}/consents", data=answers).status_code == 303
    assert rows(engine, world) == []


def test_a_guardian_who_may_consent_answers_for_a_child(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        child = services.register(session, family_name="Okafor", given_name="Kid", birth_date=date(2020, 5, 1)).id
    rosa = sign_in(world.rosa)
    assert "too young to answer alone" in rosa.get(f"/patients/{child}/consents").get_data(as_text=True)
    data = {"method": "paper", "recalls.sms": "given", "given_by": str(world.grace)}
    assert rosa.post(f"/patients/{child}/consents", data=data).status_code == 422
    with unit_of_work(engine, world.one) as session:
        services.tie(session, child, world.grace, "parent", by=None, may_consent=True)
    assert rosa.post(f"/patients/{child}/consents", data=data).status_code == 303
    assert [(one.patient_id, one.given_by) for one in rows(engine, world)] == [(child, world.grace)]


def test_do_not_contact_stops_what_was_agreed_to(engine, world, sign_in):
    say(sign_in(world.rosa), world, recalls_sms="given")
    with unit_of_work(engine, world.one) as session:
        alert = services.raise_alert(session, world.grace, kind="do_not_contact", text="asked us not to", by=None)
        assert not queries.may_message(session, world.grace, "recalls", "sms")
        services.end_alert(session, world.grace, alert.id, by=None)
        assert queries.may_message(session, world.grace, "recalls", "sms")


def test_channels_are_tried_in_the_wished_order_as_far_as_allowed_and_reachable(engine, world, sign_in):
    rosa = sign_in(world.rosa)
    say(rosa, world, recalls_sms="given", recalls_email="given", recalls_post="given", recalls_wechat="refused")
    with unit_of_work(engine, world.one) as session:
        for kind, value in (("mobile", "07700 900001"), ("email", "g@example.test"), ("wechat", "g")):
            services.add_contact(session, world.grace, kind=kind, value=value, by=None)
    wishes = {"recalls.1": "wechat", "recalls.2": "email", "recalls.time": "evening"}
    assert rosa.post(f"/patients/{world.grace}/wishes", data=wishes).status_code == 303
    with unit_of_work(engine, world.one) as session:
        assert queries.channels_for(session, world.grace, "recalls") == (("email", "sms"), "evening")
        assert queries.channels_for(session, world.grace, "marketing") == ((), "any")


def test_a_wish_is_kept_once_and_a_new_one_beside_it(engine, world, sign_in):
    rosa, address = sign_in(world.rosa), f"/patients/{world.grace}/wishes"
    for time in ("morning", "morning", "evening"):
        rosa.post(address, data={"recalls.1": "sms", "recalls.time": time})
    assert rosa.post(address, data={"recalls.time": "midnight"}).status_code == 422
    with unit_of_work(engine, world.one) as session:
        kept = session.scalars(select(Preference).order_by(Preference.id)).all()
        assert [(one.purpose, one.channels, one.time_of_day) for one in kept] == [
            ("recalls", ["sms"], "morning"),
            ("recalls", ["sms"], "evening"),
        ]


def test_answers_of_an_absorbed_record_hold_and_the_newest_of_both_wins(engine, world):
    said = {"purpose": "recalls", "channel": "sms", "text_version": "1", "method": "spoken"}
    with unit_of_work(engine, world.one) as session:
        services.answer(session, world.grace, **said, state="given", by=None)
        services.answer(session, world.per, **said, state="withdrawn", by=None)
        assert queries.may_message(session, world.grace, "recalls", "sms")
        services.merge(session, world.grace, world.per, take=(), reason="one", by=None)
        assert not queries.may_message(session, world.grace, "recalls", "sms")
