"""Every change to patients."""

from cloud.people.services.registering import register

__all__ = ["register"]
