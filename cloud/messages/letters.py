"""What other rooms say when something is to be told to somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cloud.messages.choices import Purpose


@dataclass(frozen=True)
class To:
    """One way to somebody: ``channel`` is ``email`` or ``phone``, ``value`` the address as it is written."""

    channel: str
    value: str
    name: str
    language: str


@dataclass(frozen=True)
class File:
    """Something that goes with an e-mail."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """What is to be told. Nothing clinical may stand in ``words``: whoever finds the telephone reads it.

    ``template`` names a file of ``texts``; ``words`` and ``secret`` fill it. A ``secret`` (a code, a link's path such
    as ``/b/<token>``, which becomes a whole address) is wiped once it was sent. ``key`` is unique in the chain: the
    same key is written once. ``about`` names what it is about (``visit:17``), for withdrawing. It is sent not before
    ``at`` and not after ``until``. ``others`` are tried in order where ``to`` cannot be had; without ``to`` nothing is
    sent, and the page of letters says so. ``urgent``: a matter of somebody's safety, which heeds neither quiet hours
    nor an opt-out.
    """

    to: To | None
    purpose: Purpose
    template: str
    words: Mapping[str, str]
    key: str
    patient_id: int | None = None
    store_id: int | None = None
    about: str | None = None
    at: datetime | None = None
    secret: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    until: datetime | None = None
    others: tuple[To, ...] = ()
    urgent: bool = False
