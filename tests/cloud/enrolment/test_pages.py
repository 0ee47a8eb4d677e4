"""Claims, approvals, revocation and moves, as people do them on the pages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cloud.enrolment import codes, queries, services
from cloud.enrolment.models import Certificate, Claim, Kick, Policy
from cloud.fleet import queries as fleet
from cloud.kernel.database import unit_of_work
from tests.cloud.enrolment.boxes_here import Box, claimed, enrolled
from tests.cloud.test_views import queries_for, rows

EVIL = "<script>alert(1)</script>"


def kept(engine, world, model):
    with unit_of_work(engine, world.one) as session:
        return session.scalars(select(model).order_by(model.id)).all()


def gateway(engine, world, slug="gw-9", place=None):
    with unit_of_work(engine, world.one) as session:
        return fleet.gateway_named(session, (place or world.pier).id, slug)


def second(engine, world):
    """Ask for a second person from now on."""
    with unit_of_work(engine, world.one) as session:
        services.set_policy(session, approval=True, by=world.olivia.id)


def code_on(page: str) -> str:
    return re.search(r'class="claim-code">([^<]+)<', page)[1]


@pytest.mark.edge("EDGE-114", "The sheet's code and command alone take a box from nothing to its certificate.")
def test_a_claim_is_made_and_its_sheet_takes_a_box_in(cloud, engine, world, sign_in, signing):
    made = sign_in(world.omar).post("/fleet/claims", data={"store": world.pier.id, "slug": "gw-9", "serial": ""})
    page = made.get_data(as_text=True)
    typed = code_on(page)

    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    command = (
        f"emmetra gateway enrol --cloud https://cloud.example --claim {typed} --root-sha256 {signing.root_names[0]}"
    )
    assert (command in page, "<svg" in page, "Mount the box" in page, "安装" in page) == (True, True, True, True)
    assert Box().enrol(cloud, typed).status_code == 200


def test_the_code_is_shown_once(cloud, engine, world, sign_in):
    client = sign_in(world.omar)
    typed = code_on(client.post("/fleet/claims", data={"store": world.pier.id, "slug": "gw-9"}).get_data(as_text=True))
    (claim,) = kept(engine, world, Claim)
    pages = [client.get(address).get_data(as_text=True) for address in ("/fleet/claims", f"/fleet/claims/{claim.id}")]
    assert [typed in page or typed.replace("-", "") in page for page in pages] == [False, False]


WRONG = [
    ({"slug": "gw 9"}, "a-z, 0-9"),
    ({"slug": "x" * 41}, "a-z, 0-9"),
    ({"slug": "gw-1"}, "A gateway has this name"),
    ({"store": "0"}, "Choose one of your stores"),
    ({"store": "mill"}, "Choose one of your stores"),
    ({"serial": "x" * 81}, "80 characters"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_is_wrong_with_a_claim_is_said_beside_the_field(cloud, engine, world, sign_in, wrong, said):
    given = {"store": world.pier.id, "slug": "gw-9", **wrong}
    given["store"] = world.mill.id if given["store"] == "mill" else given["store"]
    refused = sign_in(world.omar).post("/fleet/claims", data=given)
    assert (refused.status_code, said in refused.get_data(as_text=True)) == (422, True)
    assert kept(engine, world, Claim) == []


def test_a_second_claim_for_a_name_waits_for_the_first_to_go(cloud, engine, world, sign_in):
    claim, _ = claimed(engine, world.pier, world.omar)
    client, given = sign_in(world.omar), {"store": world.pier.id, "slug": "gw-9"}
    assert client.post("/fleet/claims", data=given).status_code == 422
    assert client.post(f"/fleet/claims/{claim.id}/cancel").status_code == 303
    assert client.post("/fleet/claims", data=given).status_code == 200
    assert [one.state for one in kept(engine, world, Claim)] == ["cancelled", "open"]


def test_a_claim_over_its_time_makes_way(cloud, engine, world, sign_in, monkeypatch):
    monkeypatch.setattr(services, "CLAIM_LIFE", timedelta(seconds=-1))
    claimed(engine, world.pier, world.omar)
    monkeypatch.undo()
    assert sign_in(world.omar).post("/fleet/claims", data={"store": world.pier.id, "slug": "gw-9"}).status_code == 200
    assert [one.state for one in kept(engine, world, Claim)] == ["expired", "open"]


def test_a_claim_that_is_over_is_not_cancelled_again(cloud, engine, world, sign_in):
    claim, code = claimed(engine, world.pier, world.omar)
    Box().enrol(cloud, code)
    assert sign_in(world.omar).post(f"/fleet/claims/{claim.id}/cancel").status_code == 409
    assert [one.state for one in kept(engine, world, Claim)] == ["used"]


@pytest.mark.edge("EDGE-115", "With approval as policy a box waits until somebody else has compared its letters.")
def test_a_second_person_compares_and_approves(cloud, engine, world, sign_in):
    second(engine, world)
    claim, code = claimed(engine, world.pier, world.omar)
    box = Box()
    waits = box.enrol(cloud, code)
    (held,) = kept(engine, world, Claim)
    letters = codes.comparison(held.key_fingerprint)

    assert (waits.status_code, waits.json["answer"], waits.json["code"]) == (202, "waiting", letters)
    page = sign_in(world.olivia).get(f"/fleet/claims/{claim.id}").get_data(as_text=True)
    assert letters in page
    said = sign_in(world.olivia).post(f"/fleet/claims/{claim.id}/approve", data={"key": held.key_fingerprint})
    assert (said.status_code, box.enrol(cloud, code).status_code) == (303, 200)


def test_the_maker_does_not_approve(cloud, engine, world, sign_in):
    second(engine, world)
    claim, code = claimed(engine, world.pier, world.omar)
    Box().enrol(cloud, code)
    (held,) = kept(engine, world, Claim)
    before = rows(engine, world.one)
    refused = sign_in(world.omar).post(f"/fleet/claims/{claim.id}/approve", data={"key": held.key_fingerprint})
    assert (refused.status_code, rows(engine, world.one) == before) == (403, True)


def test_an_approval_is_for_the_key_that_was_looked_at(cloud, engine, world, sign_in):
    second(engine, world)
    claim, code = claimed(engine, world.pier, world.omar)
    Box().enrol(cloud, code)
    refused = sign_in(world.olivia).post(f"/fleet/claims/{claim.id}/approve", data={"key": "0" * 64})
    assert (refused.status_code, [one.state for one in kept(engine, world, Claim)]) == (409, ["waiting"])


def test_a_box_that_was_turned_down_gets_nothing(cloud, engine, world, sign_in):
    second(engine, world)
    claim, code = claimed(engine, world.pier, world.omar)
    box = Box()
    box.enrol(cloud, code)
    (held,) = kept(engine, world, Claim)
    sign_in(world.omar).post(f"/fleet/claims/{claim.id}/reject", data={"key": held.key_fingerprint})
    assert (box.enrol(cloud, code).status_code, kept(engine, world, Certificate)) == (410, [])


def test_while_a_box_waits_another_is_refused(cloud, engine, world):
    second(engine, world)
    _, code = claimed(engine, world.pier, world.omar)
    assert [Box().enrol(cloud, code).status_code for _ in range(2)] == [202, 409]


def test_a_policy_that_comes_later_holds_for_claims_that_are_out(cloud, engine, world):
    _, code = claimed(engine, world.pier, world.omar)
    second(engine, world)
    assert Box().enrol(cloud, code).status_code == 202


def test_an_engineer_asks_for_a_second_person_and_only_those_in_charge_lift_it(cloud, engine, world, sign_in):
    answers = [
        sign_in(who).post("/fleet/claims/policy", data={"approval": approval}).status_code
        for who, approval in ((world.omar, "yes"), (world.omar, "no"), (world.olivia, "no"))
    ]
    assert (answers, [one.approval for one in kept(engine, world, Policy)]) == ([303, 403, 303], [True, False])


def test_who_may_do_nothing_changes_nothing(cloud, engine, world, sign_in):
    """Dora has no role, Rosa is at reception, Alice and Bob are clinicians, Charlie is of another chain."""
    claim, _ = claimed(engine, world.pier, world.omar)
    box = enrolled(cloud, engine, world.hill, world.omar)
    of = f"/fleet/{gateway(engine, world, place=world.hill).id}/certificate"
    deeds = [
        ("/fleet/claims", {"store": world.pier.id, "slug": "gw-5"}),
        *((f"/fleet/claims/{claim.id}/{verb}", {"key": "0" * 64}) for verb in ("cancel", "approve", "reject")),
        ("/fleet/claims/policy", {"approval": "yes"}),
        *((f"{of}/{verb}", {"why": "lost", "store": world.pier.id}) for verb in ("revoke", "replace", "move")),
    ]
    before = rows(engine, world.one)
    for who in (world.dora, world.rosa, world.alice, world.bob, world.charlie):
        answers = {sign_in(who).post(address, data=given).status_code for address, given in deeds}
        assert answers == {403}
    assert (rows(engine, world.one) == before, box.name.endswith("hill/gw-9")) == (True, True)


def test_another_chains_owner_finds_nothing_of_ours(cloud, engine, world, sign_in):
    from cloud.accounts import services as accounts
    from cloud.accounts.choices import Role
    from tests.cloud.people_here import PASSWORD, Someone

    claim, _ = claimed(engine, world.pier, world.omar)
    with unit_of_work(engine, world.two) as session:
        staff = accounts.hire(
            session, email=f"o{world.number}@two.test", name="Oscar Two", password=PASSWORD, role=Role.OWNER
        )
        oscar = Someone(world.two, staff.id, staff.email, world.mill)
    of = f"/fleet/{world.pier.sender.gateway_id}/certificate"
    before = rows(engine, world.one)
    client = sign_in(oscar)
    looks = [client.get(address).status_code for address in (f"/fleet/claims/{claim.id}", of)]
    verbs = ("cancel", "approve", "reject")
    deeds = [client.post(f"/fleet/claims/{claim.id}/{verb}", data={"key": "0"}).status_code for verb in verbs]
    given = {"why": "lost", "store": world.mill.id}
    deeds += [client.post(f"{of}/{verb}", data=given).status_code for verb in ("revoke", "replace", "move")]
    assert (looks, set(deeds), rows(engine, world.one) == before) == ([404, 404], {404}, True)


def test_an_engineer_revokes_and_says_why(cloud, engine, world, sign_in):
    box = enrolled(cloud, engine, world.pier, world.omar)
    gone = gateway(engine, world)
    said = sign_in(world.omar).post(f"/fleet/{gone.id}/certificate/revoke", data={"why": "stolen", "remark": "van"})

    assert said.status_code == 303
    (held,) = kept(engine, world, Certificate)
    assert (held.state, held.why, held.remark, held.revoked_by) == ("revoked", "stolen", "van", world.omar.id)
    assert gateway(engine, world).status == "revoked"
    assert [(one.address, one.due_at is not None) for one in kept(engine, world, Kick)] == [(box.name, True)]
    page = sign_in(world.omar).get(f"/fleet/{gone.id}/certificate").get_data(as_text=True)
    assert ("Stolen: van" in page, "Nothing this gateway says is taken in" in page) == (True, True)


@pytest.mark.parametrize("given", [{}, {"why": "bored"}, {"why": "other"}, {"why": "lost", "remark": "x" * 501}])
def test_nobody_revokes_without_a_reason(cloud, engine, world, sign_in, given):
    enrolled(cloud, engine, world.pier, world.omar)
    refused = sign_in(world.omar).post(f"/fleet/{gateway(engine, world).id}/certificate/revoke", data=given)
    assert (refused.status_code, gateway(engine, world).status) == (422, "enrolled")


def test_an_engineer_moves_a_gateway(cloud, engine, world, sign_in):
    enrolled(cloud, engine, world.pier, world.omar)
    of = f"/fleet/{gateway(engine, world).id}/certificate"
    assert sign_in(world.omar).post(f"{of}/move", data={"store": world.hill.id}).status_code == 303
    assert gateway(engine, world, place=world.hill) is not None
    page = sign_in(world.omar).get(of).get_data(as_text=True)
    assert ("Pier → Hill" in page, "Moved to another store" in page) == (True, True)


@pytest.mark.parametrize("way", ["replace", "move"])
def test_a_claim_for_a_gateway_that_is_there_has_its_sheet(cloud, engine, world, sign_in, way):
    enrolled(cloud, engine, world.pier, world.omar)
    given = {"store": world.hill.id, "way": "claim"}
    of = f"/fleet/{gateway(engine, world).id}/certificate"
    made = sign_in(world.omar).post(f"{of}/{way}", data=given)
    assert Box().enrol(cloud, code_on(made.get_data(as_text=True))).status_code == 200
    assert sign_in(world.omar).post(f"{of}/{way}", data={**given, "store": world.mill.id}).status_code == (
        200 if way == "replace" else 422
    )


def test_what_a_box_says_of_itself_is_never_markup(cloud, engine, world, sign_in):
    second(engine, world)
    claim, code = claimed(engine, world.pier, world.omar, serial=EVIL)
    Box(serial=EVIL).enrol(cloud, code, hardware=EVIL, software=EVIL)
    client = sign_in(world.olivia)
    pages = [client.get(address).get_data(as_text=True) for address in ("/fleet/claims", f"/fleet/claims/{claim.id}")]
    assert [EVIL in page for page in pages] == [False, False]
    assert ["&lt;script&gt;" in page for page in pages] == [True, True]


def test_a_remark_is_never_markup(cloud, engine, world, sign_in):
    enrolled(cloud, engine, world.pier, world.omar)
    of = f"/fleet/{gateway(engine, world).id}/certificate"
    sign_in(world.omar).post(f"{of}/revoke", data={"why": "other", "remark": EVIL})
    page = sign_in(world.omar).get(of).get_data(as_text=True)
    assert (EVIL in page, "&lt;script&gt;" in page) == (False, True)


def test_three_rows_ask_no_more_than_one(app, cloud, engine, world, sign_in):
    client = sign_in(world.omar)
    box = enrolled(cloud, engine, world.pier, world.omar)
    addresses = ("/fleet/claims", f"/fleet/{gateway(engine, world).id}/certificate")
    before = [queries_for(app, client, address) for address in addresses]
    for slug in ("gw-5", "gw-6"):
        claimed(engine, world.pier, world.omar, slug)
        box.renew(cloud, Box())
    assert [queries_for(app, client, address) for address in addresses] == before


def test_the_sheet_of_another_language(cloud, world, sign_in):
    with sign_in(world.omar) as client:
        client.set_cookie("language", "zh")
        page = client.post("/fleet/claims", data={"store": world.pier.id, "slug": "gw-9"}).get_data(as_text=True)
    assert 'lang="zh-Hans"' in page


def test_a_phone_that_scans_the_sheet_is_told_what_to_do(cloud):
    page = cloud.test_client().get("/enrol").get_data(as_text=True)
    assert "emmetra gateway enrol --cloud https://cloud.example --claim" in page


def test_how_far_a_claim_is_stands_in_the_list(cloud, engine, world, sign_in):
    claimed(engine, world.pier, world.omar)
    page = sign_in(world.omar).get("/fleet/claims").get_data(as_text=True)
    assert ("Waits for a box" in page, "71 hours left" in page) == (True, True)
    with unit_of_work(engine, world.one) as session:
        assert queries.policy(session) is False
