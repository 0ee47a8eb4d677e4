"""The clients we use, as they come: aiomqtt on the gateway, gmqtt in the ingest, paho beneath both."""

import asyncio
import threading

import aiomqtt
import gmqtt
import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


def lasting(seconds=60):
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = seconds
    return properties


async def test_aiomqtt_talks_to_it(house):
    """BRK-124: aiomqtt publishes, subscribes, and finds what waited for it."""
    broker = await house.open()
    settings = {"hostname": broker.host, "port": broker.port, "protocol": aiomqtt.ProtocolVersion.V5}
    listener = {"identifier": "s", "clean_start": False, "properties": lasting()}
    async with aiomqtt.Client(**settings, **listener) as client:
        await client.subscribe("t/#", qos=1)
    async with aiomqtt.Client(**settings, identifier="p") as client:
        for n in range(20):
            await client.publish("t/x", str(n), qos=1)
    async with aiomqtt.Client(**settings, **listener) as client:
        messages = client.messages
        seen = [int((await anext(messages)).payload) for _ in range(20)]

    assert seen == list(range(20))


async def test_gmqtt_talks_to_it(house):
    """BRK-125: gmqtt consumes a shared subscription; its PUBACK waits for an awaiting handler."""
    broker = await house.open()
    ready, done, seen = asyncio.Event(), asyncio.Event(), []
    client = gmqtt.Client("ingest", clean_session=True)

    async def on_message(client, topic, payload, qos, properties):
        await asyncio.sleep(0)
        seen.append(int(payload))
        done.set() if len(seen) == 20 else None
        return 0

    client.on_message = on_message
    client.on_subscribe = lambda *rest: ready.set()
    await client.connect(broker.host, broker.port)
    client.subscribe("$share/ingest/t/+", qos=1)
    publisher = await house.client("p")
    await asyncio.wait_for(ready.wait(), 5)
    for n in range(20):
        await publisher.publish("t/x", b"%d" % n)
    await asyncio.wait_for(done.wait(), 5)
    await client.disconnect()

    assert seen == list(range(20))


async def test_paho_talks_to_it(house):
    """BRK-126: paho acknowledges by hand, and what it did not acknowledge comes again."""
    broker = await house.open()
    publisher = await house.client("p")

    def run(expected, acknowledge):
        seen, done, ready = [], threading.Event(), threading.Event()
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, "s", protocol=paho.MQTTv5, manual_ack=True)

        def on_message(client, userdata, message):
            seen.append((message.payload, message.dup))
            if acknowledge:
                client.ack(message.mid, message.qos)
            if len(seen) == expected:
                done.set()

        client.on_message = on_message
        client.on_connect = lambda *rest: client.subscribe("t", qos=1)
        client.on_subscribe = lambda *rest: ready.set()
        client.connect(broker.host, broker.port, clean_start=False, properties=lasting())
        client.loop_start()
        return client, seen, done, ready

    def stop(client):
        client.disconnect()
        client.loop_stop()

    client, seen, done, ready = run(5, acknowledge=False)
    await asyncio.to_thread(ready.wait, 5)
    for n in range(5):
        await publisher.publish("t", b"%d" % n)
    await asyncio.to_thread(done.wait, 5)
    await asyncio.to_thread(stop, client)
    assert seen == [(b"%d" % n, False) for n in range(5)]

    client, seen, done, _ = run(5, acknowledge=True)
    await asyncio.to_thread(done.wait, 5)
    await asyncio.to_thread(stop, client)
    assert seen == [(b"%d" % n, True) for n in range(5)]
