"""A small MQTT 5 broker for the demo, the tests and one small chain. See docs/broker.md."""

from deploy.broker.disk import Unreadable
from deploy.broker.door import Tls
from deploy.broker.limits import Limits
from deploy.broker.rules import BadRule, Rule, Rules
from deploy.broker.server import Broker

__all__ = ["BadRule", "Broker", "Limits", "Rule", "Rules", "Tls", "Unreadable"]
