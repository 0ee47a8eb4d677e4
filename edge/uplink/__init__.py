"""Carries the journal to the cloud and forgets only what the cloud's database has."""

from edge.uplink.broker import BrokerRefused, BrokerSettings
from edge.uplink.happenings import happened
from edge.uplink.herald import Herald
from edge.uplink.orders import Brought, Orders, Telling, Verb
from edge.uplink.uplink import Uplink

__all__ = ["BrokerRefused", "BrokerSettings", "Brought", "Herald", "Orders", "Telling", "Uplink", "Verb", "happened"]
