"""A gateway gets its next certificate: a new key, and the old key's word that it is ours."""

import time
from pathlib import Path

from edge.identity import asking, drafts, keys
from edge.identity.enrolling import LABEL
from edge.identity.papers import Identity, Papers
from edge.identity.refusals import EnrolmentRefused
from edge.uplink.uris import TokenUri
from protocols.envelope.enrolment import Issued, Refused, Renew

NOT_ENROLLED = "There are no papers in {data}. Enrol this gateway first: emmetra gateway enrol --cloud URL --claim CODE"


def renew(data: Path, *, now: bool = False) -> Identity | None:
    """Ask for the next certificate and put it on trial; None when it is not time yet. Raises EnrolmentRefused."""
    papers = Papers(data)
    if papers.current() is None:
        raise EnrolmentRefused(NOT_ENROLLED.format(data=data))
    with papers.alone():
        return _renew(papers, now)


def _renew(papers: Papers, now: bool) -> Identity | None:
    current = papers.current()
    if current is None:
        raise EnrolmentRefused(NOT_ENROLLED.format(data=papers.data))
    if not now and time.time() < current.renew_after:
        return None
    about = {"after": current.folder.name, "cloud": current.cloud}
    draft = drafts.begin(papers, "renew", about, _token(current), f"{LABEL}-{current.folder.name[:8]}")
    identity = drafts.finish(papers, draft, _answer(current, draft))
    papers.propose(identity)
    drafts.forget(papers, draft)
    return identity


def _answer(current: Identity, draft: drafts.Draft) -> Issued:
    question = Renew(
        v=1,
        certificate=current.certificate.read_text("utf-8"),
        csr=keys.pem(draft.csr),
        proof=keys.proof(keys.read(current.folder), draft.csr),
    )
    answer = asking.ask(current.cloud, question, asking.pinned(current.roots.read_text("utf-8")))
    if isinstance(answer, Issued):
        return answer
    if isinstance(answer, Refused):
        raise EnrolmentRefused(answer.why)
    raise EnrolmentRefused("The cloud wants a second person's word first. It is asked again later by itself.")


def _token(current: Identity) -> str | None:
    """The token without the key: the new one lies beside the old one."""
    return None if current.token is None else str(TokenUri.of(current.token).of_object(""))
