"""What may be said aloud of a person. Pure."""

from cloud.calls.choices import Who

STAR = "*"


def spoken(who: str, family: str, given: str) -> str:
    """As the chain allows: nothing, ``张*`` or ``O.``, ``Okafor``.

    A masked Chinese name keeps the family name, as is the custom; any other keeps its first letter.
    """
    if who == Who.SURNAME:
        return family
    if who != Who.MASKED or not family:
        return ""
    if "\u3400" <= family[0] <= "\u9fff":
        return family + STAR * max(1, len(given))
    return f"{family[0]}."
