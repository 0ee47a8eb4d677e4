import mqtt5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mqtt5 import PublishPacket, QoS, TopicFilter, Will

from deploy.broker.wire import Refusal, frame_size, read

TWO = [("kü", "v視")]
PACKETS = [
    mqtt5.ConnectPacket(
        "ü",
        username="ü",
        password=b"\xff",
        will=Will("tü", payload=b"\xff", response_topic="rü", correlation_data=b"\xff", content_type="ü"),
        user_properties=TWO,
        authentication_method="ü",
        authentication_data=b"\xff",
    ),
    PublishPacket("a/ü", b"\xff", qos=QoS(1), packet_id=200, response_topic="ü", user_properties=TWO),
    PublishPacket("a/b", b"\xff", correlation_data=b"\xff", content_type="ü", subscription_ids=[300]),
    mqtt5.SubscribePacket(1, [TopicFilter("a/+"), TopicFilter("$share/gü/#")], subscription_id=3, user_properties=TWO),
    mqtt5.UnsubscribePacket(1, ["ü", "b"], user_properties=TWO),
    mqtt5.PubAckPacket(1, reason_str="ü", user_properties=TWO),
    mqtt5.DisconnectPacket(reason_str="ü", server_reference="ü", session_expiry_interval=3, user_properties=TWO),
    mqtt5.AuthPacket(authentication_method="ü", authentication_data=b"\xff", reason_str="ü"),
]


@pytest.mark.parametrize("packet", PACKETS, ids=lambda one: type(one).__name__)
def test_good_packets_pass(packet):
    assert read(memoryview(packet.write())) == packet


@pytest.mark.parametrize("packet", PACKETS, ids=lambda one: type(one).__name__)
def test_every_text_is_looked_at_before_the_codec(packet):
    data = packet.write()
    for at in range(len(data)):
        if data[at : at + 2] == "ü".encode():
            with pytest.raises(Refusal, match="UTF-8"):
                read(memoryview(data[:at] + b"\xc3\x28" + data[at + 2 :]))


@st.composite
def broken(draw):
    data = bytearray(draw(st.sampled_from(PACKETS)).write())
    for _ in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    if draw(st.booleans()) and len(data) < 129:
        data[1] = len(data) - 2
    return bytes(data)


@settings(max_examples=400, deadline=None)
@given(broken())
def test_a_broken_packet_is_refused_or_read_and_never_panics(data):
    view = memoryview(data)
    try:
        size = frame_size(view, 0, 1_000, greeted=True)
        end = read(view[:size]) if 0 < size <= len(view) else None
    except Refusal as refusal:
        end = refusal

    assert end is None or isinstance(end, Refusal | mqtt5.Packet)
