"""Days and times by the format that the map names: YYYY MM DD hh mm ss, and AM behind hours of twelve."""

import re
from datetime import datetime

_TOKENS = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "hh": "%H", "mm": "%M", "ss": "%S", "AM": "%p"}
_TOKEN = re.compile("|".join(_TOKENS))
NEEDED = {"day": ("YYYY", "MM", "DD"), "time": ("hh", "mm"), "moment": ("YYYY", "MM", "DD", "hh", "mm")}
_SHAPE = {"day": "%Y-%m-%d", "time": "%H:%M:%S", "moment": "%Y-%m-%dT%H:%M:%S"}


def fault(what: str, said: str) -> str | None:
    """Why a format cannot be followed: a sentence, or nothing."""
    found, rest = _TOKEN.findall(said), _TOKEN.sub("", said)
    if len(set(found)) != len(found) or set(NEEDED[what]) - set(found):
        return f"{what} = {said!r} must name {', '.join(NEEDED[what])} once each"
    if re.search(r"[A-SU-Za-z%\d]", rest):
        return f"{what} = {said!r} has letters that are none of {', '.join(_TOKENS)}"
    return None


def told(what: str, form: str, said: str) -> str | None:
    """ISO 8601 without a zone; nothing where the text does not have this form, or no calendar has it."""
    pattern = _TOKEN.sub(lambda token: _TOKENS[token[0]], form)
    if "%p" in pattern:
        pattern = pattern.replace("%H", "%I")
    try:
        found = datetime.strptime(said.strip(), pattern)
    except ValueError:
        return None
    return found.strftime(_SHAPE[what]) if found.year >= 1900 else None
