"""The shapes drawn with, from the one file that the editor in the browser uses as well."""

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "static" / "drawing.svg"
ONE = re.compile(r'^<g id="([a-z_-]+)">(.*)</g>$', re.MULTILINE)

# What a tint is on paper and in a PDF; pages give each its light and its dark value (css/drawing.css).
TINTS = {
    "blood": "#b3202a",
    "vessel": "#c2410c",
    "vein": "#23568f",
    "exudate": "#9a6a00",
    "pale": "#6b7f86",
    "pigment": "#5a3a22",
    "fluorescein": "#2f7d32",
    "membrane": "#6d4a8f",
    "line": "#3d4a4e",
}


@cache
def shapes() -> dict[str, str]:
    """The inside of each shape by its name; one line of the file each."""
    return dict(ONE.findall(FILE.read_text()))
