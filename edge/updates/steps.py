"""The steps of an update, each kept before the next begins: wanted, fetched, proved, unpacked, trial, then the end.

Whatever is cut off goes on with the step that was kept last; each may be done again from its beginning.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.updates import fetching, launcher, proving
from edge.updates.fetching import source
from edge.updates.refusals import NotNow, UpdateRefused
from edge.updates.slots import Slots
from protocols.envelope.release import MANIFEST, SIGNATURE, Archive, order

NOTHING = "idle"


@dataclass(frozen=True, slots=True)
class Here:
    """What this gateway is, as far as a release has to fit it; ``keys`` holds the public keys of the image."""

    version: str
    platform: str
    python: str
    keys: Path
    ca: Path | None = None


class Steps:
    """One update of one gateway, step by step. Nothing here waits; every call may block on disk or network."""

    def __init__(self, slots: Slots, here: Here, prove: Callable[[Path, Path, Path], None] = proving.prove) -> None:
        self.slots, self.here, self._prove = slots, here, prove
        self._at_work: str | None = None  # the manifest whose step is being done

    def at(self) -> str:
        """The step that is done: idle, wanted, fetched, proved, unpacked or trial."""
        state = self.slots.state()
        return "trial" if state.get("trial") else str((state.get("update") or {"step": NOTHING})["step"])

    def want(
        self, *, version: str, manifest_sha256: str, where: str, back: bool = False, at_once: bool = False
    ) -> bool:
        """Begin with this release; False when it runs already. Raises UpdateRefused."""
        with self.slots.lock:
            return self._want(
                {"version": version, "manifest_sha256": manifest_sha256, "where": where, "back": back}, at_once
            )

    def _want(self, asked: dict[str, Any], at_once: bool) -> bool:
        state, version, manifest_sha256 = self.slots.state(), asked["version"], asked["manifest_sha256"]
        if (state.get("trial") or {}).get("manifest_sha256") == manifest_sha256:
            return True
        if self.slots.release(state["active"]).get("manifest_sha256") == manifest_sha256:
            if state.get("update"):
                self.slots.keep(update=None)
            return False
        if known := state.get("refused", {}).get(manifest_sha256):
            raise UpdateRefused(f"{version} was tried here already: {known['why']}")
        if order(version) < order(self.here.version) and not asked["back"]:
            raise UpdateRefused(f"{version} is older than {self.here.version}; going back has to be ordered.")
        under_way = state.get("update") or {}
        if any(under_way.get(key) != value for key, value in asked.items()):
            self.slots.keep(update={"step": "wanted", **asked, "at_once": at_once})
        return True

    def again(self, manifest_sha256: str) -> None:
        """Let a release be tried once more that was refused or went back."""
        refused = self.slots.state().get("refused", {})
        self.slots.keep(refused={key: why for key, why in refused.items() if key != manifest_sha256})

    def advance(self) -> str:
        """Do the next step up to ``unpacked``; returns the one that is done now. Raises NotNow, UpdateRefused."""
        done = self.at()
        step = {"wanted": self._fetch, "fetched": self._check, "proved": self._unpack}.get(done)
        if step is None:
            return done
        self._at_work = self.slots.state()["update"]["manifest_sha256"]
        try:
            return self._keep_step(step())
        except OSError as trouble:
            raise NotNow(f"The disk does not let it ({trouble.strerror}).") from None

    def _keep_step(self, step: str) -> str:
        """Unless another release was ordered meanwhile: that one has its own steps before it."""
        with self.slots.lock:
            update = self.slots.state().get("update")
            if update is None or update["manifest_sha256"] != self._at_work:
                return self.at()
            self.slots.keep(update={**update, "step": step})
            return step

    def _fetch(self) -> str:
        update = self.slots.state()["update"]
        origin = source(update["where"], self.here.ca)
        self._bring_manifest(origin, update["manifest_sha256"])
        archive = self._proved(update)
        if self._lies_in_spare(update, archive):
            return "unpacked"
        fetching.fetch(origin, archive, self.slots.incoming / archive.name)
        return "fetched"

    def _bring_manifest(self, origin: fetching.Source, digest: str) -> None:
        incoming = self.slots.incoming
        there = incoming / MANIFEST
        if there.exists() and (incoming / SIGNATURE).exists() and _sha256(there.read_bytes()) == digest:
            return
        self.slots.drop_incoming()
        text, signature = origin.manifest(), origin.signature()
        if _sha256(text) != digest:
            raise NotNow("The manifest that came is not the one that was announced.")
        os.mkdir(incoming, 0o755)  # noqa: PTH102 - every change to the disk goes through os: tests cut each
        launcher.put(there, text)
        launcher.put(incoming / SIGNATURE, signature)

    def _proved(self, update: dict[str, Any]) -> Archive:
        incoming, here = self.slots.incoming, self.here
        self._prove(incoming / MANIFEST, incoming / SIGNATURE, here.keys)
        manifest = proving.read((incoming / MANIFEST).read_bytes())
        if manifest.version != update["version"]:
            raise UpdateRefused(f"The release says it is {manifest.version}, and {update['version']} was ordered.")
        back: bool = update["back"]
        return proving.fitting(manifest, running=here.version, platform=here.platform, python=here.python, back=back)

    def _lies_in_spare(self, update: dict[str, Any], archive: Archive) -> bool:
        """Going back needs no download: what ran before lies in the other slot."""
        spare = self.slots.spare()
        if self.slots.release(spare).get("manifest_sha256") != update["manifest_sha256"]:
            return False
        try:
            self.slots.prove(spare, archive.files_sha256)
        except (NotNow, UpdateRefused):
            return False
        return True

    def _check(self) -> str:
        """Read back what was written down: signature, size and digest of what now lies on the disk."""
        archive = self._proved(self.slots.state()["update"])
        path = self.slots.incoming / archive.name
        if path.stat().st_size != archive.size or _digest(path) != archive.sha256:
            self._again_from_the_start()
            raise NotNow("What was fetched is damaged; it is fetched anew.")
        return "proved"

    def _unpack(self) -> str:
        update = self.slots.state()["update"]
        archive = self._proved(update)
        about = {key: update[key] for key in ("version", "manifest_sha256")}
        try:
            self.slots.unpack(
                self.slots.incoming / archive.name, self.slots.spare(), {**about, "files_sha256": archive.files_sha256}
            )
        except FileNotFoundError:
            self._again_from_the_start()
            raise NotNow("What was fetched is gone; it is fetched anew.") from None
        return "unpacked"

    def _again_from_the_start(self) -> None:
        self._keep_step("wanted")
        self.slots.drop_incoming()

    def begin_trial(self, before: dict[str, Any]) -> None:
        """From the next start on the new release runs, on trial. ``before`` says what has to work again.

        Raises NotNow where another release was ordered meanwhile.
        """
        with self.slots.lock:
            if self.at() != "unpacked":
                raise NotNow("Another release was ordered meanwhile.")
            update = self.slots.state()["update"]
            about = {key: update[key] for key in ("version", "manifest_sha256")}
            self.slots.keep(trial={"slot": self.slots.spare(), **about, "starts": 0, "before": before}, update=None)
        self.slots.drop_incoming()

    def commit(self) -> None:
        """The release on trial is the one that runs from now on."""
        with self.slots.lock:
            state = self.slots.state()
            trial = state["trial"]
            told = [*state.get("untold", []), launcher.news("update_committed", trial)]
            self.slots.keep(active=trial["slot"], trial=None, untold=told)

    def go_back(self, why: str) -> None:
        """The release on trial did not hold; the one before it runs from the next start on."""
        with self.slots.lock:
            launcher.write(self.slots.root, launcher.returned(self.slots.state(), why))

    def forget_news(self, ids: set[str]) -> None:
        """These are told; what happened meanwhile is not."""
        with self.slots.lock:
            left = [news for news in self.slots.state().get("untold", []) if news["id"] not in ids]
            self.slots.keep(untold=left)

    def refuse(self, why: str) -> None:
        """What is under way will not run here; it is not tried again by itself."""
        with self.slots.lock:
            state = self.slots.state()
            update = state.get("update")
            if update is None or update["manifest_sha256"] != self._at_work:
                return
            about = {"version": update["version"], "why": why}
            refused = {**state.get("refused", {}), update["manifest_sha256"]: about}
            told = [*state.get("untold", []), launcher.news("update_refused", update, why)]
            self.slots.keep(update=None, refused=refused, untold=told)
        self.slots.drop_incoming()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
