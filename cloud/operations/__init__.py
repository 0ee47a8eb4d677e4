"""The fleet as one screen: stores, health, alerts, inventory, work on many gateways at once."""
