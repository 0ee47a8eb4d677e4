"""Which eye: the right attribute for each class, and never a guess."""

from protocols.dicom.grammar import LETTERS, SIDE_CODES, Laterality
from protocols.dicom.level import Level

_WORDS = ("ImageLaterality", "MeasurementLaterality", "Laterality")


def laterality(root: Level) -> Laterality | None:
    """Of the image, the measurement, all of its frames, the series, the region: whichever the class has.

    Two that contradict each other name no eye.
    """
    said = [_letter(root, word) for word in _WORDS] + [_frames(root), _region(root)]
    found = [side for side in said if side]
    if len(set(found)) > 1:
        root.keep("lateralities", found)
        root.journal.note("laterality_contradicts", "The object names different eyes; look at it before using it.")
        return None
    return found[0] if found else None


def _letter(level: Level, keyword: str) -> Laterality | None:
    return LETTERS.get((level.text(keyword) or "").upper())


def _frames(root: Level) -> Laterality | None:
    """What all frames of a multi-frame object share."""
    shared = root.item("SharedFunctionalGroupsSequence")
    anatomy = shared.item("FrameAnatomySequence") if shared else None
    return _letter(anatomy, "FrameLaterality") if anatomy else None


def _region(root: Level) -> Laterality | None:
    region = root.item("AnatomicRegionSequence")
    codes = [region, *region.items("AnatomicRegionModifierSequence")] if region else []
    found = {side for level in codes if (code := level.as_code()) and (side := SIDE_CODES.get(code.value))}
    return found.pop() if len(found) == 1 else None
