"""Draws what a printer has no letters for, where this machine has a font that does."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from protocols.escpos import Align, Picture

DOTS = 24  # the height of a Chinese character on paper of 203 dots an inch
COLUMN = 12  # dots
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)
NOBODY = "\U0010fffd"  # no font has it: what is drawn for it is drawn for whatever the font lacks


def drawn(text: str, columns: int, *, size: int = 1, align: Align = Align.LEFT, font: Path | None) -> Picture | None:
    """A line as a picture, cut at the paper's edge; nothing where no font here has all of its characters."""
    found = _font(font, DOTS * size)
    if found is None or not _has(found, text):
        return None
    from PIL import Image, ImageDraw

    wide = min(columns * COLUMN, int(found.getlength(text)) + 1)
    across = -(-wide // 8)
    image = Image.new("1", (across * 8, int(DOTS * size * 1.25)), 0)
    ImageDraw.Draw(image).text((0, 0), text, fill=1, font=found)
    return Picture(across, image.tobytes(), align)


@lru_cache(maxsize=8)
def _font(path: Path | None, size: int) -> Any:
    chosen = next((one for one in ([path] if path else map(Path, FONTS)) if one.is_file()), None)
    if chosen is None:
        return None
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(chosen), size, index=2 if chosen.name.startswith("Noto") else 0)  # 2: simplified
    except OSError:
        return None


def _has(font: Any, text: str) -> bool:
    missing = bytes(font.getmask(NOBODY))
    return all(one == " " or bytes(font.getmask(one)) != missing for one in text)
