"""Pictures in words: what it is, how far it is, why nothing can be shown, what one can do with it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from cloud.imaging.choices import Sort
from cloud.imaging.queries import Picture
from cloud.web import current_frame
from cloud.web.cards import card_of
from cloud.web.cards.picture import sized
from cloud.web.times import day

EXTENSIONS = {
    **{"application/dicom": "dcm", "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"},
    **{"application/x-heyex-vol": "vol", "application/xml": "xml", "image/gif": "gif"},
    **{"image/tiff": "tif", "image/webp": "webp", "image/bmp": "bmp", "video/mp4": "mp4", "video/x-msvideo": "avi"},
}


def what(picture: Picture) -> str:
    """``OCT, OD``."""
    return str(card_of(picture.said).title)


def instrument(picture: Picture) -> str:
    """Maker and model."""
    return picture.said.instrument.called


def taken(picture: Picture) -> str:
    """When, for a picture that an instrument took long before it sent it; empty for all others."""
    at, by_instrument = picture.shown.measured(current_frame().zone)
    return str(_("taken %(day)s by the instrument's clock", day=day(at))) if by_instrument else ""


def described(picture: Picture) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    told = [what(picture), taken(picture) or day(picture.at), instrument(picture)]
    frames = picture.about.get("frames") or getattr(picture.said, "frames", None) or 1
    if frames > 1:
        told.append(ngettext("%(num)s picture", "%(num)s pictures", frames))
    return ", ".join(told)


def size(count: int) -> str:
    """Bytes as a person reads them."""
    return sized(count)


def state(picture: Picture) -> str:
    """What there is to wait for or to know; empty where all is well."""
    if picture.state == "failed":
        return why(picture.original.why if picture.original else None)
    words = {"due": _("Being prepared"), "working": _("Being prepared"), "coming": _("On its way from the store")}
    return str(words.get(picture.state, ""))


def why(code: str | None) -> str:
    """Why nothing can be shown, and what is safe."""
    words = {
        "no_pixels": _("There is no picture in this file, only values. The file can be downloaded."),
        "no_reader": _("This kind of file cannot be shown here. It is kept and can be downloaded."),
        "too_large": _("This file is too large to be shown here. It is kept and can be downloaded."),
        "too_slow": _("Preparing this file took too long. It is kept and can be downloaded."),
    }
    otherwise = _("This file cannot be read as a picture. It is kept as it came and can be downloaded.")
    return str(words.get(code or "", otherwise))


def sort(code: str) -> str:
    """A kind of file that takes room."""
    words = {
        **{"dicom": _("DICOM"), "photograph": _("Photographs"), "film": _("Films")},
        **{"document": _("Documents"), "table": _("Tables and text"), "other": _("Other files")},
    }
    return str(words[code])


def columns(sorts: list[Sort]) -> list[dict[str, Any]]:
    """Headings of the list of what stores take."""
    figures = [*map(sort, sorts), _("Files"), _("In the last 30 days"), _("Together")]
    return [{"label": _("Store")}, *({"label": word, "numeric": True} for word in figures)]


def filename(picture: Picture) -> str:
    """The name of a download: kind, day, eye and the beginning of its hash; nothing of the patient."""
    blob = picture.said.blob
    parts = ("picture", f"{picture.at:%Y%m%d}", picture.eye or "eye", blob.sha256[:12])
    return f"{'-'.join(parts)}.{EXTENSIONS.get(blob.media_type, 'bin')}"


def of_script() -> dict[str, Any]:
    """What the viewer says while one works with it."""
    return {
        "slice": _("Slice {number} of {count}"),
        "page": _("Page {number} of {count}"),
        "frame": _("Picture {number} of {count}"),
        "saved": _("Marks saved"),
        "unsaved": _("Marks not saved yet"),
        "failed": _("Not saved: no connection. The marks stay here; save again."),
        "refused": _("Not saved. The marks stay here; reload the page in another tab and try again."),
        "leave": _("There are marks that are not saved."),
        "pixels": _("px"),
        "waiting": _("Being prepared"),
        "window": _("Window {number} of the file"),
        "linked": {
            "same": _("Both scroll to the same place: the files count from one point."),
            "middle": _("Both scroll by millimetres from the middle of each volume."),
            "part": _("Both scroll in proportion: the files do not both say where their slices lie."),
        },
        "shapes": {
            "caliper": _("Distance"),
            "line": _("Line"),
            "angle": _("Angle"),
            "ellipse": _("Ellipse"),
            "arrow": _("Arrow"),
            "text": _("Text"),
        },
    }
