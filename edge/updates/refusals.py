"""Refusals of an update."""


class UpdateRefused(Exception):
    """This release will not be run here: one sentence why. It is not tried again by itself."""


class NotNow(Exception):
    """It may work later: the cloud is away, the disk is full, an instrument measures."""
