import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.envelope import Address, Topic, parse, subscription

SHOP = Address("harbour", "pier-street", "gw-1")
slugs = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,39}\Z")


def test_a_gateway_speaks_below_its_own_name():
    assert SHOP.up("r", "result") == "o/v1/harbour/pier-street/gw-1/up/r/result"
    assert SHOP.down("ack") == "o/v1/harbour/pier-street/gw-1/down/ack"


@given(slugs, slugs, slugs)
def test_a_topic_taken_apart_is_the_topic_put_together(tenant, store, gateway):
    address = Address(tenant, store, gateway)
    assert Address.of(str(address)) == address
    assert parse(address.up("cmd", "42")) == Topic(address, "up", "cmd", "42")


@pytest.mark.parametrize("name", ["", "A", "a/b", "+", "#", "a b", "-a", "a" * 41, "a\n", "ä", "$sys"])
def test_a_name_that_could_mean_something_else_to_a_broker_is_refused(name):
    with pytest.raises(ValueError, match="is not a name"):
        Address("harbour", name, "gw-1")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "o/v1",
        "o/v2/harbour/pier-street/gw-1/up/r/result",
        "o/v1/harbour/pier-street/gw-1/up/ack",
        "o/v1/harbour/pier-street/gw-1/down/r/result",
        "o/v1/harbour/pier-street/gw-1/sideways/r/result",
        "o/v1/harbour/pier-street/gw-1/up/r/result/more",
        "o/v1/+/pier-street/gw-1/up/r/result",
        "o/v1/harbour/pier-street/gw-1/up",
    ],
)
def test_a_topic_that_is_not_ours_is_refused(topic):
    with pytest.raises(ValueError):
        parse(topic)


@pytest.mark.parametrize("text", ["harbour", "harbour/pier-street", "a/b/c/d", "//"])
def test_an_address_has_three_parts(text):
    with pytest.raises(ValueError):
        Address.of(text)


def test_services_read_every_gateway_alone_or_sharing():
    assert subscription("up", "r") == "o/v1/+/+/+/up/r/+"
    assert subscription("up", "state", share="ingest") == "$share/ingest/o/v1/+/+/+/up/state"
