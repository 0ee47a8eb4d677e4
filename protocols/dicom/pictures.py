"""What stands for the file itself: a picture or a document that names the blob."""

from typing import Any

from pydicom.uid import UID

from protocols.dicom import zeiss
from protocols.dicom.grammar import PICTURES, UNKNOWN
from protocols.dicom.level import Level
from protocols.dicom.sides import laterality
from protocols.readings import Blob, Document, Image

# What names a picture best, in this order; the region is what is left when nothing says more.
_VIEWS = (
    "RelativeImagePositionCodeSequence",
    "ViewCodeSequence",
    "OphthalmicThicknessMapTypeCodeSequence",
    "CornealTopographyMapTypeCodeSequence",
    "OphthalmicImageTypeCodeSequence",
    "PrimaryAnatomicStructureSequence",
    "AnatomicRegionSequence",
)


def is_picture(root: Level, sop_class: str) -> bool:
    """Whether there is something to see: by the class, or for a class nobody knows by its rows."""
    return (
        sop_class.startswith(PICTURES[0])
        or sop_class in PICTURES
        or sop_class.startswith(PICTURES[2])
        or "Rows" in root.dataset
    )


def image(root: Level, sop_class: str, blob: Blob) -> tuple[type[Image], dict[str, Any]]:
    """A picture, a film or a volume; the scale of its pixels goes to ``extra``."""
    spacing(root)
    return Image, {
        "blob": blob,
        "modality": root.text("Modality") or "OT",
        "laterality": laterality(root),
        "view": _view(root),
        "sop_class": sop_class,
        "frames": root.count("NumberOfFrames"),
        "rows": root.count("Rows"),
        "columns": root.count("Columns"),
        "illumination": _meaning(root, "IlluminationTypeCodeSequence"),
    }


def document(root: Level, sop_class: str, blob: Blob) -> tuple[type[Document], dict[str, Any]]:
    """A report, or an object of values only."""
    title = root.text("DocumentTitle") or _meaning(root, "ConceptNameCodeSequence")
    return Document, {
        "blob": blob,
        "title": title or _named(sop_class),
        "laterality": laterality(root) or zeiss.laterality(root),
    }


def spacing(root: Level) -> None:
    """Keep millimetres between rows and between columns where the file gives them; the viewer's caliper needs them."""
    shared = root.item("SharedFunctionalGroupsSequence")
    measures = shared.item("PixelMeasuresSequence") if shared else None
    for level in (root, measures):
        found = level.numbers("PixelSpacing") if level else []
        if len(found) == 2:
            root.keep("pixel_spacing_mm", [str(one) for one in found])
            return


def _view(root: Level) -> str | None:
    shared = root.item("SharedFunctionalGroupsSequence")
    frames = shared.item("FrameAnatomySequence") if shared else None
    found = (_meaning(level, keyword) for level in (root, frames) if level for keyword in _VIEWS)
    return next((words for words in found if words), None)


def _meaning(root: Level, keyword: str) -> str | None:
    code = root.code(keyword)
    return (code.meaning or code.value) if code else None


def _named(sop_class: str) -> str:
    """The standard's name of a class; one without a name is private to a maker."""
    name = UID(sop_class).name
    return name.removesuffix(" Storage") if name != sop_class else UNKNOWN
