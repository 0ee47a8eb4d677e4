"""What a file is, by its first bytes; its name and its media type are only what somebody said."""

from collections.abc import Callable
from pathlib import Path

from cloud.imaging.deriving.shape import Original, Unreadable

HEAD = 132


def form_of(head: bytes) -> str | None:
    """``dicom picture film pages vol e2e fda``, or None for what we cannot show."""
    if head[128:132] == b"DICM":
        return "dicom"
    known = next((form for begins, form in BEGINS if head.startswith(begins)), None)
    if known is None and (head[4:8] == b"ftyp" or head[:4] == b"RIFF"):
        return "picture" if head[8:12] == b"WEBP" else "film"
    return known


BEGINS: tuple[tuple[bytes, str], ...] = (
    *((begins, "picture") for begins in (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"BM")),
    *((b"%PDF", "pages"), (b"HSF-OCT", "vol"), (b"CMDb", "e2e"), (b"FOCT", "fda")),
    (b"ep-v", "vol"),  # eyepy puts its own name where Heidelberg's stands
)


def opened(path: Path) -> Original:
    """The file, opened by whoever reads it. Raises Unreadable, and whatever foreign bytes make a library raise."""
    with path.open("rb") as file:
        form = form_of(file.read(HEAD))
    if form is None:
        raise Unreadable("no_reader")
    return READERS[form](path)


def _dicom(path: Path) -> Original:
    from cloud.imaging.deriving.dicom import opened

    return opened(path)


def _picture(path: Path) -> Original:
    from cloud.imaging.deriving.plain import Picture

    return Picture(path)


def _film(path: Path) -> Original:
    from cloud.imaging.deriving.clip import Clip
    from cloud.imaging.deriving.plain import film
    from protocols.pictures import Damaged

    try:
        return Clip(path)
    except Damaged:
        return film(path)


def _pages(path: Path) -> Original:
    from cloud.imaging.deriving.plain import Pages

    return Pages(path)


def _volume(form: str) -> Callable[[Path], Original]:
    def read(path: Path) -> Original:
        from cloud.imaging.deriving.volume import Volume

        return Volume(path, form)

    return read


READERS: dict[str, Callable[[Path], Original]] = {
    "dicom": _dicom,
    "picture": _picture,
    "film": _film,
    "pages": _pages,
    **{form: _volume(form) for form in ("vol", "e2e", "fda")},
}
