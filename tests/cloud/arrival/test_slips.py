"""The ticket on paper: ordered from the store's printer where there is one, and nothing of the person on it."""

import json

from sqlalchemy import select

from cloud.fleet.models import Gateway, Instrument, Order


def with_printer(doors):
    with doors.work() as session:
        gateway = session.scalars(select(Gateway).where(Gateway.store_id == doors.world.pier.id)).one()
        gateway.state = "online"
        where = {"gateway_id": gateway.id, "store_id": gateway.store_id, "link": "tcp", "state": "connected"}
        session.add(Instrument(dev="printer", lane="Door", family="escpos", **where))


def orders(doors):
    with doors.work() as session:
        return [(one.verb, json.loads(one.args)) for one in session.scalars(select(Order).order_by(Order.id))]


def test_the_stores_printer_is_told_what_stands_on_a_ticket(doors, rosa):
    with_printer(doors)
    doors.kind("general", fee=2500)
    rosa.post("/arrivals/new", data={"kind": "general", "patient": doors.world.grace})
    [(verb, told)] = orders(doors)
    assert (verb, told["ticket"], told["heading"]) == ("print_ticket", "A001", "Pier")
    assert told["lines"] == ["Next: Reception", "You are next", "€25.00 to be paid"]
    assert "Okafor" not in str(told)
    assert "A001" in doors.browser().read(told["link"].split("localhost", 1)[1]).text
    [stay] = doors.stays()
    assert "printed again" in rosa.post(f"/arrivals/{stay.id}/print", follow_redirects=True).text
    assert len(orders(doors)) == 2


def test_the_kiosk_prints_in_the_language_that_was_chosen(doors):
    with_printer(doors)
    doors.kind("general", kiosk=True)
    one, address = doors.browser(), f"/kiosk/{doors.kiosk}/walk-in"
    one.read(f"{address}?lang=zh")
    one.send(address, kind="general", lang="zh")
    [(_verb, told)] = orders(doors)
    assert "前台" in told["lines"][0]
    assert told["link"].endswith("lang=zh")


def test_a_store_without_a_printer_orders_nothing(doors, rosa):
    rosa.post("/arrivals/new", data={"kind": "general"})
    assert orders(doors) == []
