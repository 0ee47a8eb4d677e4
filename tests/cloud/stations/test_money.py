"""What is owed is taken by hand, an emergency passes with a name and a reason."""

from cloud.queue import gates, queries
from cloud.queue.models import Station


def owing(store):
    with store.work() as session:
        session.get(Station, (store.world.one, store.stations["doctor"])).paid_first = True
        queries.kind(session, store.world.pier.id, "general").fee = 2500
        session.flush()
        number = store.at_doctor(session, patient_id=store.world.grace)
        return number, store.step(session, number).stay.id


def due(store, stay):
    with store.work() as session:
        return gates.owed(session, queries.stay(session, stay, store.world.pier.id)).due


def test_nobody_who_owes_is_called_and_paid_they_are(store, rosa, alice):
    _number, stay = owing(store)
    doctor = store.stations["doctor"]
    assert "Nobody waits whom you could call" in alice.post(f"/stations/{doctor}/next", follow_redirects=True).text
    rosa.post(f"/stays/{stay}/pay", data={"amount": "25.00", "how": "cash"})
    assert due(store, stay) == 0
    assert "is called." in alice.post(f"/stations/{doctor}/next", follow_redirects=True).text


def test_an_amount_that_is_not_due_is_not_written_down(store, rosa):
    _number, stay = owing(store)
    for amount in ("25.01", "0", "-3", "twelve", ""):
        page = rosa.post(f"/stays/{stay}/pay", data={"amount": amount}, follow_redirects=True).text
        assert "not an amount that is due" in page
    assert due(store, stay) == 2500


def test_an_emergency_passes_with_a_reason_and_stays_owing(store, alice):
    number, stay = owing(store)
    doctor = store.stations["doctor"]
    assert "needs a reason" in alice.post(f"/stays/{stay}/pass", follow_redirects=True).text
    alice.post(f"/stays/{stay}/pass", data={"reason": "Acute glaucoma", "station": str(doctor)})
    page = alice.post(f"/steps/{number}/call", follow_redirects=True).text
    assert ("Called" in page, "Unpaid, let pass" in page, due(store, stay)) == (True, True, 2500)


def test_money_of_another_chain_is_not_charlies(store, charlie):
    _number, stay = owing(store)
    for deed in ("pay", "pass", "refund"):
        assert charlie.post(f"/stays/{stay}/{deed}", data={"amount": "25", "reason": "x"}).status_code == 404
    assert due(store, stay) == 2500
