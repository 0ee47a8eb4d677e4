"""The papers of a gateway on its disk: each set in a folder of its own, and links that say which is in force.

    <data>/identity         -> identities/4f1c…   the papers in force: key.pem or key.uri, certificate.pem with its
                                                  chain, roots.pem, identity.json
    <data>/identity.trial   -> identities/90ab…   new ones that no broker has seen yet
    <data>/identity.before  -> identities/11d0…   the ones before, kept until they expire

A set never changes once it has its name; to change papers is to move a link, which a power cut leaves old or new.
"""

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edge import disk
from protocols.envelope import Address

NAME, SETS = "identity", "identities"


@dataclass(frozen=True, slots=True)
class Identity:
    """One set of papers; ``renew_after`` and ``expires`` are seconds since 1970."""

    folder: Path
    address: Address
    broker: str
    cloud: str
    renew_after: float
    expires: float
    claim: str = ""

    @property
    def certificate(self) -> Path:
        """The certificate with its chain, PEM."""
        return self.folder / "certificate.pem"

    @property
    def roots(self) -> Path:
        """Whom to trust, PEM."""
        return self.folder / "roots.pem"

    @property
    def key(self) -> Path | None:
        """The private key as a file; None when it lies in a token."""
        path = self.folder / "key.pem"
        return path if path.is_file() else None

    @property
    def token(self) -> str | None:
        """Where in which token the key lies (RFC 7512)."""
        path = self.folder / "key.uri"
        return path.read_text("utf-8").strip() if path.is_file() else None


class Papers:
    """All sets of one gateway."""

    def __init__(self, data: Path) -> None:
        self.data, self.sets = data, data / SETS
        self._now, self._trial, self._before = (data / f"{NAME}{end}" for end in ("", ".trial", ".before"))
        self._alone = False

    def current(self) -> Identity | None:
        """The papers in force; if they cannot be read, the ones before."""
        return read(self._now) or self.before()

    def trial(self) -> Identity | None:
        """New papers that have yet to prove themselves."""
        found = read(self._trial)
        return None if found is None or found == read(self._now) else found

    def before(self) -> Identity | None:
        """The papers before these, as long as they are good."""
        found = read(self._before)
        return found if found is not None and found.expires > time.time() and found != read(self._now) else None

    @contextmanager
    def alone(self, *, wait: bool = True) -> Iterator[None]:
        """Nobody else makes or forgets sets meanwhile: a person's renewal and an order's may fall together.

        Raises BlockingIOError when somebody does and it is not waited for.
        """
        with (self.data / f"{NAME}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def install(self, found: Identity) -> None:
        """These are in force from now on, whatever was before (a gateway was enrolled)."""
        disk.point(self._now, found.folder)
        disk.drop(self._trial)
        disk.drop(self._before)
        self._tidy()

    def propose(self, found: Identity) -> None:
        """Let these be tried (a certificate was renewed)."""
        disk.point(self._trial, found.folder)

    def accept(self, proven: Identity) -> None:
        """These work: they are in force, the ones before stay as a way back, newer ones on trial stay on trial."""
        current = read(self._now)
        if current is not None and current != proven:
            disk.point(self._before, current.folder)
        disk.point(self._now, proven.folder)
        if self.trial() is None:
            disk.drop(self._trial)
        self._tidy()

    def reject(self, failed: Identity) -> None:
        """These do not work; newer ones on trial stay on trial."""
        if self.trial() in (None, failed):
            disk.drop(self._trial)
        self._tidy()

    def go_back(self) -> None:
        """The ones in force are refused, the ones before are not."""
        if (before := self.before()) is not None:
            disk.point(self._now, before.folder)
            disk.drop(self._before)
            self._tidy()

    def _tidy(self) -> None:
        """Forget sets that nothing points at; the next time if one is being made now.

        Drafts (they have a dot in their name) belong to who writes them.
        """
        with suppress(BlockingIOError), nullcontext() if self._alone else self.alone(wait=False):
            self._forget_unused()

    def _forget_unused(self) -> None:
        used = {link.resolve() for link in (self._now, self._trial, self._before)}
        for folder in self.sets.iterdir():
            if folder.resolve() not in used and "." not in folder.name:
                shutil.rmtree(folder, ignore_errors=True)


def read(link: Path) -> Identity | None:
    """The papers in a folder or behind a link; None when there are none, or not all of them."""
    folder = link.resolve()
    try:
        told = json.loads((folder / "identity.json").read_text("utf-8"))
        found = Identity(
            folder=folder,
            address=Address.of(told["address"]),
            broker=str(told["broker"]),
            cloud=str(told["cloud"]),
            renew_after=datetime.fromisoformat(told["renew_after"]).timestamp(),
            expires=datetime.fromisoformat(told["expires"]).timestamp(),
            claim=str(told.get("claim", "")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = found.certificate.is_file() and found.roots.is_file() and (found.key is not None or found.token is not None)
    return found if whole else None
