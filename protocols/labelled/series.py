"""One eye's measurements where nothing marks the value the instrument chose."""

from collections.abc import Sequence

import msgspec

from protocols.labelled.heading import Heading
from protocols.readings import AutorefractionEye, RefractionReading


def refracted(side: str, said: Sequence[RefractionReading], heading: Heading) -> AutorefractionEye | None:
    """The eye: one measurement alone is the value; of several none is chosen and none is averaged."""
    if len(said) == 1:
        return AutorefractionEye(**msgspec.structs.asdict(said[0]))
    if not said:
        return None
    heading.note("representative_missing", f"Nothing marks a chosen value for the {side} eye; all readings are given.")
    return AutorefractionEye(readings=tuple(said))
