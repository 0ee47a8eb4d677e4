"""Runs the checks, one after the other, and shows what they found."""

import logging
from collections.abc import Iterable

from edge.diagnostics.checks import CHECKS
from edge.diagnostics.result import Result, said, worded
from edge.diagnostics.site import Site

log = logging.getLogger("emmetra.checks")
MARKS = {"ok": "ok", "warn": "WARN", "fail": "FAIL", "skip": "-"}


def run_all(site: Site, language: str = "en") -> list[Result]:
    """Every check, in the order a person would mend things. It blocks; a loop calls it in a thread."""
    return [result for check in CHECKS for result in run_one(check, site, language)]


def run_one(check: str, site: Site, language: str = "en") -> list[Result]:
    """One check by its id; one that stumbles is skipped, and the others go on."""
    try:
        found = CHECKS[check](site)
        return [worded(check, one, language) for one in found]
    except Exception as mistake:
        log.error("the check %s stumbled: %s", check, type(mistake).__name__)
        return [worded("stumbled", said("stumbled", check=check, kind=type(mistake).__name__), language)]


def table(results: Iterable[Result]) -> str:
    """For people at a terminal."""
    lines = []
    for one in results:
        name = f"{one.id} {one.subject}".strip()
        lines.append(f"{MARKS[one.verdict]:<5} {name:<28} {one.what}")
        lines += [f"{'':<5} {'':<28} -> {one.fix}"] * bool(one.fix)
    return "\n".join(lines)


def well(results: Iterable[Result]) -> bool:
    """Whether nothing has failed."""
    return all(one.verdict != "fail" for one in results)
