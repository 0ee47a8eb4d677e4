"""From the bytes of one object to its reading."""

from protocols.dicom_refraction.heading import heading
from protocols.dicom_refraction.item import Item
from protocols.dicom_refraction.kinds import READERS
from protocols.dicom_refraction.part10 import parsed
from protocols.dicom_refraction.silence import quiet
from protocols.framing import Unread
from protocols.readings import Reading

LETTERS = {"right": "R", "left": "L", "both": "RL"}


def read(raw: bytes) -> tuple[Reading, ...]:
    """The one reading of an object. Raises Unread, and nothing else."""
    try:
        with quiet():
            return (_reading(raw),)
    except Unread:
        raise
    except RecursionError:
        raise Unread("Sequences stand in sequences deeper than any refractive object goes.") from None
    except Exception:  # pydicom raises whatever its decoders raise
        raise Unread("The object is damaged: an attribute cannot be decoded.") from None


def _reading(raw: bytes) -> Reading:
    sop_class, dataset = parsed(raw)
    kind, read_keys, eyes = READERS[sop_class]
    root = Item(dataset)
    keys = read_keys(root)
    if not any(keys.get(eye) for eye in eyes):
        raise Unread("The object is whole, but it holds no eye and no lens.")
    top = heading(root, raw)
    _check_laterality(root, "".join(letter for side, letter in LETTERS.items() if keys.get(side)))
    extra = root.rest()
    return kind(**top, **keys, notes=tuple(root.notes), extra=extra)


def _check_laterality(root: Item, eyes: str) -> None:
    """The object says a second time which eyes it holds: both, when it holds both or tests them together."""
    said = root.text("MeasurementLaterality")
    if said is not None and said != (eyes if len(eyes) == 1 else "B"):
        root.doubt("MeasurementLaterality", said, "laterality_contradicts", "does not name the eyes the object holds")
