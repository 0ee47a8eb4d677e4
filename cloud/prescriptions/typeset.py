"""Typst at work: a template of ``paper/`` and data in, a PDF out.

Fonts are our own, so that a paper looks the same anywhere. They are put in place by ``deploy.assets``; typst embeds
only the letters a page uses.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import typst

ROOM = Path(__file__).parent
FONTS = ROOM.parent / "web" / "static" / "vendor" / "fonts"


class NoFonts(RuntimeError):
    """The fonts are not there; ``python -m deploy.assets`` puts them in place."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    if not any(FONTS.glob("*.ttf")):
        raise NoFonts(f"no fonts in {FONTS.name}: run python -m deploy.assets")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def pdf(template: str, data: dict[str, Any], folder: Path = ROOM / "paper") -> bytes:
    """The PDF of a template of ``folder``, the same bytes for the same data: no date of making. Raises NoFonts."""
    inputs = {"it": msgspec.json.encode(data).decode()}
    source = folder / f"{template}.typ"
    made = typst.compile(str(source), font_paths=_fonts(), sys_inputs=inputs, format="pdf", timestamp=0)
    return bytes(made)
