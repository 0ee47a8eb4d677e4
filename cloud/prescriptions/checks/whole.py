"""All checks of a prescription, whatever it prescribes."""

from collections.abc import Iterable, Iterator, Mapping

from cloud.prescriptions.checks import contact, drug, last, spectacle
from cloud.prescriptions.checks.finding import Finding, Known
from cloud.prescriptions.choices import Kind, Origin, Severity
from cloud.prescriptions.values import Written


def found(written: Written, known: Known) -> tuple[Finding, ...]:
    """Every finding once, in the order of the page."""
    return tuple(dict.fromkeys([*_kind(written, known), *_head(written, known)]))


def unmet(findings: Iterable[Finding], reasons: Mapping[str, str]) -> tuple[Finding, ...]:
    """What still stands in the way of signing: refusals, and findings whose reason nobody wrote."""
    weighed = [one for one in findings if one.severity != Severity.REMARK]
    return tuple(one for one in weighed if one.severity == Severity.REFUSE or not reasons.get(one.name))


def _kind(written: Written, known: Known) -> Iterator[Finding]:
    if written.head.kind == Kind.DRUG:
        yield from drug.found(written, known)
    elif written.head.kind == Kind.CONTACT:
        yield from contact.found(written)
    else:
        yield from spectacle.found(written, known)
        if known.last is not None:
            yield from last.found(written, known.last)


def _head(written: Written, known: Known) -> Iterator[Finding]:
    head = written.head
    if head.written_on > known.today or (known.born is not None and head.written_on < known.born):
        yield Finding("V-13", "written_on")
    if head.valid_until is not None and head.valid_until < known.today and head.origin == Origin.OWN:
        yield Finding("P-EXPIRED", "valid_until")
    if head.dispense_until is not None and head.valid_until is not None and head.dispense_until > head.valid_until:
        yield Finding("P-LATE", "dispense_until")
    if head.origin == Origin.OWN and not head.licence:
        yield Finding("P-LICENCE", "licence")
    if head.origin == Origin.OUTSIDE and not (head.prescriber_name and head.practice):
        yield Finding("P-PRESCRIBER", "prescriber_name")
