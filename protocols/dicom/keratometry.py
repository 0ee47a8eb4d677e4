"""The refractive classes (78.1 to 78.5): read by the room that also writes them."""

from typing import Any

from protocols.dicom.grammar import OPHTHALMIC
from protocols.dicom.level import Level
from protocols.dicom_refraction.item import Item
from protocols.dicom_refraction.kinds import READERS
from protocols.framing import Unread
from protocols.readings import Reading


def refractive(root: Level, sop_class: str) -> list[tuple[type[Reading], dict[str, Any]]]:
    """One reading, or none with a note that says why."""
    kind, read, eyes = READERS[sop_class]
    item = Item(root.dataset)
    try:
        keys = read(item)
    except Unread as refusal:
        root.journal.note("unreadable_values", refusal.why)
        return []
    if not any(keys.get(eye) for eye in eyes):
        root.journal.note("no_values", "The object is whole, but it holds no eye and no lens.")
        return []
    for note in item.notes:
        root.journal.note(note.code, note.text)
    _told_apart(root, item)
    return [(kind, keys)]


def _told_apart(root: Level, item: Item) -> None:
    """The refractive room hands over its own leftovers; the makers' blocks are told by this one."""
    for keyword, left in item.rest().items():
        if "," not in keyword:
            root.keep(keyword, left)
    root.ask(*(tag for tag in root.dataset.keys() if tag.group in OPHTHALMIC))  # noqa: SIM118 - its keys are tags
