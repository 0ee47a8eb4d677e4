"""Where an implementation knowingly behaves otherwise. The tests assert that other behaviour, too.

``mosquitto`` means 2.0.11, as Debian 12 has it.
"""

DIFFERENCES: dict[str, dict[str, str]] = {
    "BRK-004": {"mosquitto": "closes the old connection without saying why"},
    "BRK-012": {"mosquitto": "looks for silent clients every few seconds only, and closes without a reason"},
    "BRK-013": {"mosquitto": "shortens an expiry beyond its limit without saying so"},
    "BRK-014": {"mosquitto": "speaks MQTT 3.1.1 too and lets the old client in"},
    "BRK-021": {"mosquitto": "closes its connections without a word when it stops"},
    "BRK-033": {"mosquitto": "takes aliases and never uses any"},
    "BRK-043": {"mosquitto": "grants a shared subscription without a filter or without a group"},
    "BRK-045": {"mosquitto": "sends a copy for each overlapping filter, with its own identifier"},
    "BRK-057": {"mosquitto": "deals message by message, so one topic is spread over all members"},
    "BRK-059": {"mosquitto": "sends retained messages to a shared subscription"},
    "BRK-060": {"mosquitto": "grants no-local on a shared subscription"},
    "BRK-061": {"mosquitto": "keeps what a vanished member had until that member returns or its session ends"},
    "BRK-068": {"mosquitto": "keeps the window at first, and sends past it after the first PUBACK"},
    "BRK-071": {"mosquitto": "drops silently what a full queue cannot hold, and acknowledges it"},
    "BRK-077": {
        "memory": "is the broker without a data directory: nothing survives it",
        "mosquitto": "writes its database every 30 minutes and on a clean stop, so kill -9 takes the sessions along",
    },
    "BRK-090": {"mosquitto": "waits for the delay even when the session has ended before"},
    "BRK-091": {"mosquitto": "drops the will of a session that a clean start ends"},
    "BRK-098": {"mosquitto": "grants every filter and checks at delivery only"},
    "BRK-102": {"mosquitto": "lets the client in and keeps its will to itself"},
    "BRK-103": {
        "mosquitto": "gives the session to whoever has the client id; rules still hide its messages, but they are lost"
    },
    "BRK-106": {"mosquitto": "believes any username where anybody may come in"},
    "BRK-117": {
        "mosquitto": "closes without a reason after some malformed packets, and overlooks wrong flags of a PINGREQ"
    },
}
