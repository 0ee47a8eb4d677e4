"""A box becomes a gateway. Every step can be cut off and done again: the same key asks, the same answer comes."""

import hashlib
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from edge.identity import asking, box, drafts, keys
from edge.identity.papers import Identity, Papers
from edge.identity.refusals import EnrolmentRefused
from protocols.envelope.desired import Wanted
from protocols.envelope.enrolment import Enrol, Issued, Refused, Waiting

OUTBOX = "outbox.db"
LABEL = "emmetra-gateway"
AGAIN_S = (1, 60)  # how often the cloud may let itself be asked
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person before the box typed."""

    cloud: str
    claim: str
    data: Path
    root: Path | None = None
    root_sha256: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The papers in force, and the first configuration the cloud sent with them."""

    identity: Identity
    config: Wanted | None


def enrol(wish: Wish, say: Say, wait: Callable[[float], None] = time.sleep) -> Enrolled:
    """Ask until there is an answer, put it in force. Raises EnrolmentRefused."""
    papers = Papers(wish.data)
    papers.sets.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = asking.root_for(wish.cloud, wish.root, wish.root_sha256)
    claim = hashlib.sha256(wish.claim.encode()).hexdigest()
    draft = _draft(papers, wish, claim)
    issued = _answer(wish, draft, root, say, wait)
    with papers.alone():
        identity = drafts.finish(papers, draft, issued, claim)
        papers.install(identity)
    drafts.forget(papers, draft)
    return Enrolled(identity, issued.config)


def _draft(papers: Papers, wish: Wish, claim: str) -> drafts.Draft:
    """The same claim is asked for with the same key, also when it was answered already."""
    about = {"claim": claim, "cloud": wish.cloud}
    current = papers.current()
    if current is not None and current.claim == claim and not (papers.sets / "enrol.draft").is_dir():
        key = keys.read(current.folder)
        return drafts.Draft(papers.sets / "enrol.draft", key, keys.request(key))
    return drafts.begin(papers, "enrol", about, wish.token, f"{LABEL}-{claim[:8]}")


def _answer(wish: Wish, draft: drafts.Draft, root: str, say: Say, wait: Callable[[float], None]) -> Issued:
    context = asking.pinned(root)
    question = Enrol(
        v=1,
        claim=wish.claim,
        csr=keys.pem(draft.csr),
        serial=box.serial(),
        hardware=box.hardware(),
        software=f"emmetra {_version()}"[:60],
        epoch=epoch(wish.data),
    )
    shown = ""
    while True:
        answer = asking.ask(wish.cloud, question, context)
        if isinstance(answer, Issued):
            return answer
        if isinstance(answer, Refused):
            raise EnrolmentRefused(answer.why)
        shown = _show(answer, shown, say)
        wait(min(max(answer.ask_again_s, AGAIN_S[0]), AGAIN_S[1]))


def _show(answer: Waiting, shown: str, say: Say) -> str:
    if answer.code != shown:
        say(
            f"A second person has to approve this box. Tell them this code; their page must show the same:\n\n"
            f"    {answer.code}\n\nWaiting. You may leave with Ctrl-C and run the same command again later."
        )
    return answer.code


def epoch(data: Path) -> int | None:
    """The epoch of the rows that wait here, if any do: they keep their numbers under a new certificate."""
    path = data / OUTBOX
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as outbox:
            found = outbox.execute("SELECT value FROM meta WHERE key='epoch'").fetchone()
            return None if found is None else int(found[0])
    except (sqlite3.Error, ValueError, TypeError):
        return None  # the gateway itself will mend it


def _version() -> str:
    try:
        return metadata.version("emmetra")
    except metadata.PackageNotFoundError:
        return "0"
