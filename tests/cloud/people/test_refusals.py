"""People times pages: whoever may not, sees nothing and changes nothing."""

import re

import pytest
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.models import Change

PAGES = ("details", "family", "consents", "history", "person.json", "details/print")
# who: the answers of those pages
SEEN = {
    "alice": (200,) * 6,
    "bob": (200,) * 6,
    "olivia": (200,) * 6,
    "rosa": (200, 200, 200, 403, 200, 200),
    "omar": (403,) * 6,
    "dora": (403,) * 6,
    "charlie": (404,) * 6,
}
DEEDS = (
    ("details/identity", {"version": "1", "family_name": "Mine"}),
    ("contacts", {"kind": "email", "value": "mine@b.example"}),
    ("allergies", {"substance": "X", "severity": "mild"}),
    ("alerts", {"kind": "vip", "text": "mine"}),
    ("tags", {"name": "mine"}),
    ("consents", {"method": "spoken", "recalls.sms": "given"}),
    ("wishes", {"recalls.1": "sms"}),
    ("document", {}),
)


@pytest.mark.parametrize("who", SEEN)
def test_each_sees_what_their_role_may(world, sign_in, who):
    client = sign_in(getattr(world, who))
    answers = [client.get(f"/patients/{world.grace}/{page}") for page in PAGES]
    assert tuple(answer.status_code for answer in answers) == SEEN[who]
    told = [answer.get_data(as_text=True) for answer in answers if answer.status_code != 200]
    assert [text for text in told if "Okafor" in text] == []


@pytest.mark.parametrize("who", ["omar", "dora", "charlie"])
@pytest.mark.parametrize(("deed", "entered"), DEEDS)
def test_whoever_may_not_changes_nothing(engine, world, sign_in, who, deed, entered):
    answer = sign_in(getattr(world, who)).post(f"/patients/{world.grace}/{deed}", data=entered)
    assert answer.status_code == {"charlie": 404}.get(who, 403)
    with unit_of_work(engine, world.one) as session:
        assert queries.patient(session, world.grace).version == 1
        assert session.scalars(select(Change).where(Change.patient_id == world.grace)).all() == []
        assert queries.consents(session, world.grace) == []
        assert (
            session.scalars(select(Entry).where(Entry.subject_id == str(world.grace), Entry.staff_id > 0)).all() == []
        )


def test_reception_edits_people_but_no_allergies(engine, world, sign_in):
    answer = sign_in(world.rosa).post(f"/patients/{world.grace}/allergies", data={"substance": "X", "severity": "mild"})
    assert answer.status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert queries.allergies(session, world.grace) == []


def tabs(text):
    strip = text[text.index('aria-label="Pages of this patient"') :].partition("</nav>")[0]
    return re.findall(r">([A-Z][a-z]+)</a>", strip)


def test_a_tab_is_there_for_whoever_may_open_its_page(world, sign_in):
    address = f"/patients/{world.grace}/details"
    assert tabs(sign_in(world.rosa).get(address).get_data(as_text=True)) == ["Letters", "Details"]
    clinician = tabs(sign_in(world.alice).get(address).get_data(as_text=True))
    assert {"Readings", "Details"} <= set(clinician)
    assert clinician[-1] == "Details"


def test_a_banner_without_roles_shows_no_narrowed_alert_and_no_allergy(engine, world):
    with unit_of_work(engine, world.one) as session:
        services.raise_alert(session, world.grace, kind="clinical", text="Narrow angle", by=None)
        services.note_allergy(session, world.grace, substance="Latex", severity="mild", by=None)
        banner = queries.banner(session, queries.patient(session, world.grace), ())
    assert (banner.alerts, banner.allergy_state, banner.allergies) == ((), "", ())
