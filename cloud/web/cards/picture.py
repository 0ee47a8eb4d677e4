"""Pictures and documents: what was taken, of which eye, how large; the bytes are looked at in the viewer."""

from flask_babel import gettext as _

from cloud.web.cards.parts import joined
from cloud.web.cards.shape import Card, Fact, Viewed
from cloud.web.frame import current_frame
from protocols.readings import Blob, Document, Image

KILO = 1000
UNITS = ("kB", "MB", "GB", "TB")


def image(reading: Image) -> Card:
    """A picture, a film or a volume."""
    what = joined(_modality(reading.modality), _eye(reading.laterality))
    told = [
        (_("View"), reading.view),
        (_("Frames"), str(reading.frames) if reading.frames and reading.frames > 1 else None),
        (_("Size (pixels)"), f"{reading.columns} × {reading.rows}" if reading.columns and reading.rows else None),
        (_("Magnification"), reading.magnification),
        (_("Illumination"), reading.illumination),
        (_("File"), size(reading.blob)),
    ]
    return Card(
        kind="image",
        title=what,
        columns=(),
        lines=(),
        facts=[Fact(label, text) for label, text in told if text],
        viewed=Viewed(reading.blob.sha256, what, reading.thumbnail.sha256 if reading.thumbnail else ""),
    )


def document(reading: Document) -> Card:
    """A report as the instrument made it."""
    what = joined(reading.title or _("Report"), _eye(reading.laterality))
    told = [(_("Instrument"), reading.instrument.model), (_("File"), size(reading.blob))]
    return Card(
        kind="document",
        title=what,
        columns=(),
        lines=(),
        facts=[Fact(label, text) for label, text in told if text],
        viewed=Viewed(reading.blob.sha256, what),
    )


def size(blob: Blob) -> str:
    """``application/dicom, 48.2 MB``."""
    return f"{blob.media_type}, {sized(blob.bytes)}"


def sized(count: int) -> str:
    """``48.2 MB``, in thousands as file managers count them."""
    number, unit = float(count), "B"
    for larger in UNITS:
        if number < KILO:
            break
        number, unit = number / KILO, larger
    figure = f"{number:.0f}" if unit == "B" else f"{number:.1f}"
    return f"{figure} {unit}"


def _eye(laterality: str | None) -> str | None:
    named = {"right": "right", "left": "left", "both": "both"}.get(laterality or "")
    return current_frame().notation.eye(named) if named else None  # type: ignore[arg-type]


def _modality(code: str) -> str:
    """DICOM's modality in words; another maker's word stays as it came."""
    words = {
        "OPT": _("OCT"),
        "OCT": _("OCT"),
        "OP": _("Photograph of the eye"),
        "OPM": _("Thickness map"),
        "OPV": _("Visual field"),
        "OAM": _("Biometry"),
        "KER": _("Keratometry"),
        "OSS": _("OCT angiography"),
        "SLIT": _("Slit lamp"),
        "XC": _("Photograph"),
        "SC": _("Screen picture"),
        "OT": _("Picture"),
    }
    return str(words.get(code, code))
