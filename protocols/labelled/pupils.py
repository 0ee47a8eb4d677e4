"""A pupillary distance that is repeated with each eye."""

from collections.abc import Mapping

from protocols.framing import Unread
from protocols.labelled.figures import figure
from protocols.labelled.heading import Heading
from protocols.readings import Pd

LEAST, MOST = 40, 85  # mm, both eyes together


def pupils(said: Mapping[str, str], heading: Heading) -> Pd | None:
    """The distance that every eye agrees on; where they differ, which is right is not for us to say."""
    spoken = {side: text for side, text in said.items() if text.strip(" 0.")}
    if not spoken:
        return None
    try:
        values = {figure(text, LEAST, MOST) for text in spoken.values()}
    except Unread:
        values = set()
    if len(values) == 1:
        return Pd(far=values.pop())
    for side, text in spoken.items():
        heading.keep(f"PD {side}", text)
    heading.note("pd_doubtful", "The eyes give no pupillary distance that agrees; both are kept as they came.")
    return None
