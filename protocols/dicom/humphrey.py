"""Humphrey's private groups 7717 and 0301: what older HFA software puts beside its printed report.

Source: OpenEyes' importer, which reads them in hospitals. How the values are spelt (``-3.21 dB``, ``P < 5%``) is the
printer's way, so a number is taken out of its text, and the text is kept where it says more than the number.
"""

import re
from decimal import Decimal
from typing import Any

from pydicom.dataelem import DataElement

from protocols.dicom.block import Block, Field
from protocols.dicom.grammar import SIDES
from protocols.dicom.level import Level
from protocols.dicom.numbers import of_text
from protocols.dicom.sides import laterality
from protocols.readings import VisualField, VisualFieldEye

_PRINTED, _RAW = 0x7717, 0x0301
_TEXT = "LO"
PRINTED_FIELDS = {
    0x01: Field("test", _TEXT),
    0x02: Field("strategy", _TEXT),
    0x03: Field("stimulus_size", _TEXT),
    0x04: Field("stimulus_colour", _TEXT),
    0x05: Field("background", _TEXT, zero_counts=True),
    0x06: Field("foveal", _TEXT, zero_counts=True),
    0x07: Field("mode", _TEXT),
    0x08: Field("fixation_trials", _TEXT, zero_counts=True),
    0x09: Field("fixation_errors", _TEXT, zero_counts=True),
    0x10: Field("false_positives_percent", _TEXT, zero_counts=True),
    0x11: Field("false_positive_trials", _TEXT, zero_counts=True),
    0x12: Field("false_positive_errors", _TEXT, zero_counts=True),
    0x13: Field("false_negatives_percent", _TEXT, zero_counts=True),
    0x14: Field("false_negative_trials", _TEXT, zero_counts=True),
    0x15: Field("false_negative_errors", _TEXT, zero_counts=True),
    0x16: Field("md", _TEXT, zero_counts=True),
    0x17: Field("md_p", _TEXT, zero_counts=True),
    0x18: Field("psd", _TEXT, zero_counts=True),
    0x19: Field("psd_p", _TEXT, zero_counts=True),
    0x20: Field("sf", _TEXT, zero_counts=True),
    0x21: Field("cpsd", _TEXT, zero_counts=True),
    0x22: Field("cpsd_p", _TEXT, zero_counts=True),
    0x23: Field("ght", _TEXT),
    0x24: Field("fixation_monitor", _TEXT),
    0x25: Field("fixation_target", _TEXT),
    0x26: Field("pupil_mm", _TEXT),
    0x27: Field("sphere", _TEXT, zero_counts=True),
    0x28: Field("cylinder", _TEXT, zero_counts=True),
    0x29: Field("axis", _TEXT, zero_counts=True),
    0x30: Field("visual_acuity", _TEXT),
    0x34: Field("vfi", _TEXT, zero_counts=True),
    0x40: Field("sections", "SQ"),
    0x41: Field("section", _TEXT, zero_counts=True),
    0x42: Field("value", _TEXT, zero_counts=True),
}
RAW_FIELDS = {
    0x00: Field("type", _TEXT),
    0x01: Field("strategy", _TEXT),
    0x02: Field("test", _TEXT),
    0x03: Field("mode", _TEXT),
    0x04: Field("stimulus_1", _TEXT, zero_counts=True),
    0x05: Field("stimulus_2", _TEXT, zero_counts=True),
    0x06: Field("stimulus_3", _TEXT, zero_counts=True),
}
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


def fields(root: Level) -> list[tuple[type[VisualField], dict[str, Any]]]:
    """What the printed report says as numbers; none where neither group stands in the object."""
    printed, raw = _block(root, _PRINTED, PRINTED_FIELDS), _block(root, _RAW, RAW_FIELDS)
    if not printed and not raw:
        return []
    side = laterality(root)
    if side not in SIDES:
        root.journal.note(
            "no_eye", "The visual field does not say of which eye it is; its values are kept as they came."
        )
        eye = {}
    else:
        eye = {side: _eye(printed)}
    keys = {"test": printed.text(0x01) or raw.text(0x02), "strategy": printed.text(0x02) or raw.text(0x01)} | eye
    root.keep("hfa", printed.rest() | raw.rest(without=(0x08,)))
    return [(VisualField, keys)] if eye else []


def _eye(printed: Block) -> VisualFieldEye:
    return VisualFieldEye(
        md_db=_figure(printed, 0x16),
        md_p=_figure(printed, 0x17),
        psd_db=_figure(printed, 0x18),
        psd_p=_figure(printed, 0x19),
        vfi_percent=_figure(printed, 0x34),
        ght=printed.text(0x23),
        foveal_db=_figure(printed, 0x06),
        fixation_checks=_count(printed, 0x08),
        fixation_losses=_count(printed, 0x09),
        false_positives_percent=_figure(printed, 0x10),
        false_negatives_percent=_figure(printed, 0x13),
        stimulus=_stimulus(printed),
    )


def _stimulus(printed: Block) -> str | None:
    words = [word for at in (0x03, 0x04) if (word := printed.text(at))]
    return ", ".join(words) or None


def _figure(printed: Block, at: int) -> Decimal | None:
    """The number in a text; ``<0 dB`` is less than a number and stays a text."""
    text = printed.text(at) or ""
    found = _NUMBER.search(text)
    below = text.lstrip().startswith("<")
    if not found or below or text.strip() != found[0]:
        printed.unask(at)
    return of_text(found[0].replace(",", ".")) if found and not below else None


def _count(printed: Block, at: int) -> int | None:
    number = _figure(printed, at)
    return int(number) if number is not None and number == int(number) and number >= 0 else None


def _block(root: Level, group: int, known: dict[int, Field]) -> Block:
    """The importer takes the creator for granted; whatever stands at the group's first place is it."""
    return Block(root, group, _creator(root, group), known)


def _creator(root: Level, group: int) -> str:
    try:
        element = root.dataset.get((group, 0x0010))
    except Exception:  # pydicom raises whatever its decoders raise
        return ""
    value = element.value if isinstance(element, DataElement) else ""
    return (value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)).strip("\x00 ")
