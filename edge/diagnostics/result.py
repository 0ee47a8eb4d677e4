"""What a check finds, and how it is said."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

from edge.diagnostics.words import in_language, sentences

Verdict = Literal["ok", "warn", "fail", "skip"]
WORDS = Path(__file__).with_name("checks.toml")


class Said(NamedTuple):
    """A case of a check, as ``checks.toml`` names it, about one subject (an instrument) or the gateway as a whole."""

    case: str
    facts: dict[str, Any] = {}
    subject: str = ""


class Result(NamedTuple):
    """One answer for people; ``fix`` says what to do unless all is well."""

    id: str
    subject: str
    name: str
    verdict: Verdict
    what: str
    fix: str = ""


def said(case: str, subject: str = "", **facts: Any) -> Said:
    """Write a case down."""
    return Said(case, facts, subject)


def worded(check: str, found: Said, language: str) -> Result:
    """The case in a person's language."""
    words = sentences(WORDS)[check]
    case = words["cases"][found.case]
    what = in_language(case, language).format(**found.facts)
    fix = in_language(case["fix"], language).format(**found.facts) if "fix" in case else ""
    return Result(check, found.subject, in_language(words["name"], language), case["verdict"], what, fix)
