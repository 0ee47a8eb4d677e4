"""Orders to a gateway itself: one of a kind at a time, forward only, with what they brought."""

import hashlib

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from cloud.fleet import bundles, commands, services
from cloud.fleet import queries as fleet
from cloud.fleet.choices import Step
from cloud.fleet.errors import AlreadySent, NoSuchFile, NotAnOrder, OrderUnderWay
from cloud.fleet.models import Bundle, Order
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from protocols import envelope
from protocols.envelope import CommandState, Topic
from protocols.envelope.vitals import LogChunk

AT = "2026-11-22T10:00:00.000Z"


@pytest.fixture
def work(engine, world):
    with unit_of_work(engine, world.one) as session:
        yield session


@pytest.fixture
def gateway(work, world):
    return fleet.gateway(work, world.pier.sender.gateway_id)


@pytest.fixture
def give(work, world, gateway):
    return lambda verb, **more: commands.command(work, gateway, verb, by=world.omar.id, **more)


@pytest.fixture
def hear(work, world, gateway):
    def hear(order, state, why=None, **result):
        answer = CommandState(v=1, id=order.command_id, state=state, at=AT, why=why, result=result)
        topic = Topic(world.pier.address, "up", "cmd", order.command_id)
        services.note(work, gateway.store_id, gateway.id, topic, envelope.encode(answer))
        work.refresh(order)
        return order.state

    return hear


def piece(order, n, of, data, name="log.txt"):
    return envelope.encode(LogChunk(v=1, id=order.command_id, n=n, of=of, name=name, data=data))


def test_an_order_goes_its_way_and_keeps_what_it_brought(give, hear):
    order = give("list_ports")
    assert [hear(order, "accepted"), hear(order, "running"), hear(order, "done", ports=[])] == [
        "sent",
        "running",
        "done",
    ]
    assert order.result == {"ports": []}
    assert hear(order, "failed", "late") == "done"


@pytest.mark.parametrize(("said", "ended"), [("failed", "failed"), ("refused", "refused"), ("expired", "expired")])
def test_how_it_ends_is_said_with_why(give, hear, said, ended):
    order = give("ping")
    assert (hear(order, said, "so"), order.why, order.result) == (ended, "so", None)


def test_the_same_is_not_asked_twice_at_once_and_another_is(give, hear):
    first = give("ping")
    with pytest.raises(OrderUnderWay):
        give("ping")
    give("list_ports")
    give("capture", dev="ar-1")
    give("capture", dev="lm-1")
    with pytest.raises(OrderUnderWay):
        give("capture", dev="ar-1")
    hear(first, "done")
    assert give("ping").state == "queued"


def test_nobody_orders_what_there_is_not(give):
    for verb, more in (("explode", {}), ("to_phoropter", {}), ("capture", {"dev": "nobody"})):
        with pytest.raises(NotAnOrder):
            give(verb, **more)


def test_only_what_has_not_left_is_taken_back(work, world, gateway, give, hear):
    order, gone = give("ping"), give("check")
    hear(gone, "accepted")
    assert commands.cancel(work, gateway.id, order.id, by=world.omar.id).state == "cancelled"
    for one in (order, gone):
        with pytest.raises(AlreadySent):
            commands.cancel(work, gateway.id, one.id, by=world.omar.id)
    assert services.hand_out(work, order.id) is None


WAYS = {
    "queued": {*Step} - {Step.QUEUED},
    "sent": {*Step} - {Step.QUEUED, Step.CANCELLED, Step.SENT},
    "running": {*Step} - {Step.QUEUED, Step.CANCELLED, Step.SENT, Step.RUNNING},
    **{ended: set() for ended in ("done", "taken", "given", "failed", "expired", "refused", "cancelled")},
}


@pytest.mark.parametrize("before", WAYS)
def test_the_database_lets_no_order_go_back(work, give, before):
    order = give("ping")
    if before != "queued":
        work.execute(update(Order).where(Order.id == order.id).values(state=before))
    taken = set()
    for step in (*Step, "sideways"):
        point = work.begin_nested()
        try:
            work.execute(update(Order).where(Order.id == order.id).values(state=str(step)))
            taken |= {step} - {before}
        except DBAPIError as refusal:
            assert refusal.orig.sqlstate == "23514"
        point.rollback()
    assert taken == WAYS[before]


def test_an_order_begins_queued(work, world, gateway):
    order = {"gateway_id": gateway.id, "store_id": gateway.store_id, "command_id": "x", "verb": "ping", "args": "{}"}
    with pytest.raises(DBAPIError) as refusal, work.begin_nested():
        work.add(Order(**order, readings=[], asked_by=world.omar.id, deadline=now(), state="done"))
    assert refusal.value.orig.sqlstate == "23514"


def test_a_file_comes_in_pieces_in_any_order_and_twice_and_goes_out_whole(work, gateway, give, hear):
    order, data = give("send_log"), b"a" * 70_000
    pieces = [piece(order, n, 2, data[n * 40_000 : (n + 1) * 40_000]) for n in (0, 1)]
    for one in (pieces[1], pieces[0], pieces[0]):
        bundles.take(work, gateway.id, one)
    hear(order, "done", file={"name": "log.txt", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    assert bundles.whole(work, order) == ("log.txt", data)


def test_a_file_that_is_not_whole_or_not_what_was_sent_is_not_given_out(work, gateway, give, hear):
    order = give("send_log")
    bundles.take(work, gateway.id, piece(order, 0, 2, b"half"))
    hear(order, "done", file={"name": "log.txt", "size": 4, "sha256": hashlib.sha256(b"half").hexdigest()})
    with pytest.raises(NoSuchFile):
        bundles.whole(work, order)


def test_pieces_nobody_asked_for_are_not_kept(work, world, gateway, give, hear):
    order, other = give("send_log"), world.hill.sender.gateway_id
    bundles.take(work, other, piece(order, 0, 1, b"?"))
    hear(order, "done")
    bundles.take(work, gateway.id, piece(order, 0, 1, b"?"))
    with pytest.raises(envelope.Malformed):
        bundles.take(work, gateway.id, piece(order, 5, 3, b"?"))
    assert work.scalars(select(Bundle)).all() == []


def test_files_go_when_their_time_is_over_and_when_there_is_no_room(work, gateway, give, monkeypatch):
    order = give("send_log")
    bundles.take(work, gateway.id, piece(order, 0, 3, b"old" * 10))
    monkeypatch.setattr("cloud.fleet.bundles.BUNDLE_BYTES", 40)
    bundles.take(work, gateway.id, piece(order, 1, 3, b"new" * 10))
    bundles.take(work, gateway.id, piece(order, 2, 3, b"!"))
    assert [one.n for one in work.scalars(select(Bundle).order_by(Bundle.n))] == [1, 2]
    monkeypatch.setattr("cloud.fleet.bundles.now", lambda: now().replace(year=now().year + 1))
    bundles.forget(work)
    assert work.scalars(select(Bundle)).all() == []


def test_the_page_gives_orders_shows_them_and_hands_out_the_file(engine, world, sign_in):
    omar, address = sign_in(world.omar), f"/fleet/{world.pier.sender.gateway_id}/orders"
    assert omar.post(address, data={"verb": "list_ports"}).status_code == 303
    assert omar.post(address, data={"verb": "capture"}).status_code == 422
    assert omar.post(address, data={"verb": "to_phoropter"}).status_code == 422
    with unit_of_work(engine, world.one) as session:
        order = session.scalars(select(Order)).one()
        bundles.take(session, order.gateway_id, piece(order, 0, 1, b"bytes", '<b>"x".txt'))
        order.result = {"file": {"name": "<b>", "size": 5, "sha256": hashlib.sha256(b"bytes").hexdigest()}}
        order.result |= {"ports": [{"path": "<script>", "used_by": "ark"}], "entries": [{"t": 0.5, "hex": "41 00"}]}
        services.move(session, order, Step.DONE)
    page = omar.get(f"{address}/{order.id}").get_data(as_text=True)
    assert "&lt;script&gt;" in page
    assert "41 00" in page
    assert "<script>" not in page.split("</head>")[1].replace("<script type", "")
    file = omar.get(f"{address}/{order.id}/file")
    assert (file.data, file.headers["Content-Disposition"]) == (b"bytes", 'attachment; filename="_b__x_.txt"')
    assert "Done" in omar.get(address).get_data(as_text=True)


def test_reception_looks_and_orders_nothing(engine, world, sign_in):
    address = f"/fleet/{world.pier.sender.gateway_id}/orders"
    rosa = sign_in(world.rosa)
    assert "Give an order" not in rosa.get(address).get_data(as_text=True)
    assert rosa.post(address, data={"verb": "ping"}).status_code == 403
    with unit_of_work(engine, world.one) as session:
        assert session.scalars(select(Order)).all() == []


def test_older_orders_stand_on_the_next_page(engine, world, sign_in):
    with unit_of_work(engine, world.one) as session:
        gateway = fleet.gateway(session, world.pier.sender.gateway_id)
        for _ in range(commands.PAGE + 1):
            one = commands.command(session, gateway, "ping", by=world.omar.id)
            services.move(session, one, Step.FAILED, "no")
        found, older = commands.page(session, gateway.id)
        rest, none = commands.page(session, gateway.id, older)
    assert (len(found), len(rest), none) == (commands.PAGE, 1, None)
    assert "?before=" in sign_in(world.omar).get(f"/fleet/{gateway.id}/orders").get_data(as_text=True)
