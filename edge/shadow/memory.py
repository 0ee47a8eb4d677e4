"""What a gateway remembers of the documents it was sent, and how that changes; nothing here touches a disk.

A document is tried before it is kept: it becomes one of the good ones only when the cloud was heard from while it was
in force. What was in force before stays at hand until then.
"""

from typing import Annotated, Literal

import msgspec
from msgspec.structs import replace

from protocols.envelope.desired import Desired, KeyState, Story, Wanted
from protocols.envelope.messages import Count

KEPT = 10  # good documents
STARTS = 3  # of the program within one trial; a document that brings it down is not tried for ever


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A document under trial: for how many seconds of running, and over how many starts of the program."""

    desired: Desired
    used_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    starts: Annotated[int, msgspec.Meta(ge=0)] = 0


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """``asked`` is the newest version seen; ``good`` the documents that worked, newest first."""

    asked: Count = 0
    good: list[Desired] = []
    trial: Trial | None = None
    state: Literal["applied", "trial", "rejected", "reverted"] = "applied"
    keys: dict[str, KeyState] = {}
    why: str | None = None
    story: Story | None = None

    @property
    def in_force(self) -> Desired | None:
        """The document under trial, else the last good one, else none: the gateway's own file alone."""
        if self.trial is not None:
            return self.trial.desired
        return self.good[0] if self.good else None

    @property
    def wanted(self) -> Wanted:
        """Its settings; nothing is set where no document is in force."""
        return self.in_force.doc if self.in_force else Wanted()


def named(doc: Wanted) -> list[str]:
    """The keys a document sets."""
    return [key for key in doc.__struct_fields__ if getattr(doc, key) is not None]


def tried(memory: Memory, desired: Desired) -> Memory:
    """A document begins its trial."""
    keys = {key: KeyState(state="pending") for key in named(desired.doc)}
    return replace(
        memory, asked=desired.version, trial=Trial(desired=desired), state="trial", keys=keys, why=None, story=None
    )


def proven(memory: Memory) -> Memory:
    """The cloud was heard from: the document is good."""
    if memory.trial is None:
        return memory
    good = [memory.trial.desired, *memory.good][:KEPT]
    keys = {key: KeyState(state="applied") for key in named(memory.trial.desired.doc)}
    return replace(memory, good=good, trial=None, state="applied", keys=keys)


def undone(memory: Memory, why: str, story: Story) -> Memory:
    """It was not: back to the last good one. The version stays asked for, so that it is not tried again."""
    if memory.trial is None:
        return memory
    before, after = memory.trial.desired.doc, replace(memory, trial=None).wanted
    keys = {key: _fate(before, after, key) for key in named(before)}
    return replace(memory, trial=None, state="reverted", keys=keys, why=why, story=story)


def refused(memory: Memory, version: int, faults: dict[str, str], doc: Wanted | None = None) -> Memory:
    """A document this gateway cannot follow; nothing of it is done. ``faults`` are sentences by key."""
    waiting = KeyState(state="pending", why="not done, because another part of the same document was refused")
    keys = {key: waiting for key in (named(doc) if doc else ()) if getattr(doc, key) != getattr(memory.wanted, key)}
    keys |= {key: KeyState(state="rejected", why=why) for key, why in faults.items()}
    why = " ".join(faults.values())
    return replace(memory, asked=max(version, memory.asked), state="rejected", keys=keys, why=why, story=None)


def aged(memory: Memory, used_s: float) -> Memory:
    """The trial has lasted so long by now."""
    return memory if memory.trial is None else replace(memory, trial=replace(memory.trial, used_s=used_s))


def restarted(memory: Memory) -> Memory:
    """The program begins with a document still under trial."""
    if memory.trial is None:
        return memory
    return replace(memory, trial=replace(memory.trial, starts=memory.trial.starts + 1))


def _fate(tried_: Wanted, after: Wanted, key: str) -> KeyState:
    same = getattr(tried_, key) == getattr(after, key)
    return KeyState(state="applied" if same else "reverted")
