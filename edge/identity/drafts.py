"""What is being asked for at the moment: a key and its request, kept so that after a power cut the same is asked again.

A draft lies in ``identities/<name>.draft``; it becomes a set of papers when the cloud's answer is there.
"""

import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from edge import disk
from edge.identity import keys
from edge.identity.papers import Identity, Papers, read
from edge.identity.refusals import EnrolmentRefused
from protocols.envelope import Address
from protocols.envelope.enrolment import Issued

NOTE = "asked.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """A key of ours that has no certificate yet."""

    folder: Path
    key: keys.Key
    csr: x509.CertificateSigningRequest


def begin(papers: Papers, name: str, about: dict[str, str], token: str | None, label: str) -> Draft:
    """The draft of that name if it is about the same thing, else a new one with a new key."""
    folder = papers.sets / f"{name}.draft"
    if _about(folder) != about | {"token": token or ""}:
        _write(folder, about | {"token": token or ""}, token, label)
    key = keys.read(folder)
    csr = x509.load_pem_x509_csr((folder / "request.pem").read_bytes())
    return Draft(folder, key, csr)


def finish(papers: Papers, draft: Draft, issued: Issued, claim: str = "") -> Identity:
    """Make the draft a set of papers. Raises EnrolmentRefused when the certificate is not ours or not trusted."""
    leaf = check(issued, draft.key)
    folder = papers.sets / sha256(leaf.public_bytes(serialization.Encoding.DER)).hexdigest()[:16]
    if not folder.is_dir():
        part = papers.sets / f"{folder.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        for name in ("key.pem", "key.uri"):
            if (kept := draft.folder / name).is_file():
                disk.write(part / name, kept.read_text("utf-8"), 0o600)
        disk.write(part / "certificate.pem", issued.certificate)
        disk.write(part / "roots.pem", issued.roots)
        disk.write(part / "identity.json", json.dumps(_facts(issued, leaf, claim), indent=1))
        part.rename(folder)
        disk.settle(papers.sets)
    found = read(folder)
    if found is None:
        raise EnrolmentRefused("The cloud's answer cannot be used. Nothing was changed; tell those who run it.")
    return found


def forget(papers: Papers, draft: Draft) -> None:
    """The papers are in force; the draft has done its work."""
    shutil.rmtree(draft.folder, ignore_errors=True)
    disk.settle(papers.sets)


def check(issued: Issued, key: keys.Key) -> x509.Certificate:
    """The certificate itself, if it is for our key and name and one of the roots stands behind it."""
    try:
        chain = x509.load_pem_x509_certificates(issued.certificate.encode())
        roots = x509.load_pem_x509_certificates(issued.roots.encode())
        Address.of(issued.address)
        names = chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except (ValueError, IndexError) as trouble:
        raise EnrolmentRefused(f"The cloud's answer cannot be used ({trouble}). Tell those who run it.") from None
    if chain[0].public_key() != key.public_key():
        raise EnrolmentRefused(
            "The cloud's certificate is for another key. Nothing was changed; tell those who run it."
        )
    if [name.value for name in names] != [issued.address]:
        raise EnrolmentRefused("The cloud's certificate bears another name than its answer. Nothing was changed.")
    _trust(chain, roots)
    return chain[0]


def _trust(chain: list[x509.Certificate], roots: list[x509.Certificate]) -> None:
    below = chain[0]
    try:
        for above in chain[1:]:
            below.verify_directly_issued_by(above)
            below = above
        if not any(below == root or _issued_by(below, root) for root in roots):
            raise EnrolmentRefused("No root of the cloud's bundle stands behind its certificate. Nothing was changed.")
    except (ValueError, TypeError, InvalidSignature):
        raise EnrolmentRefused("The chain of the cloud's certificate is broken. Nothing was changed.") from None


def _issued_by(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _facts(issued: Issued, leaf: x509.Certificate, claim: str) -> dict[str, Any]:
    facts = {name: getattr(issued, name) for name in ("address", "broker", "cloud", "renew_after")}
    return facts | {"expires": leaf.not_valid_after_utc.isoformat(), "claim": claim}


def _about(folder: Path) -> dict[str, str] | None:
    try:
        found = json.loads((folder / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(folder: Path, about: dict[str, str], token: str | None, label: str) -> None:
    """A whole draft or none: it gets its name when all of it is on the disk."""
    part = folder.with_name(folder.name + ".part")
    for old in (part, folder):
        shutil.rmtree(old, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    key = keys.make(part, token, label)
    disk.write(part / "request.pem", keys.pem(keys.request(key)))
    disk.write(part / NOTE, json.dumps(about))
    part.rename(folder)
    disk.settle(folder.parent)
