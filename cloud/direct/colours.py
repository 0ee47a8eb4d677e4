"""A chain's own colour, made fit to be read. Pure: contrast after WCAG 2.2, relative luminance of sRGB."""

import re

HEX = re.compile(r"#[0-9a-f]{6}")
LEAST = 4.5  # of text against what is behind it
LIGHT, DARK = "#ffffff", "#161d1f"  # the sheets a colour stands on, by day and by night
INKS = ("#ffffff", "#0c1517")
STEP = 0.06


def is_colour(text: str) -> bool:
    """Whether it is ``#rrggbb``."""
    return HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, sheet: str) -> str:
    """The colour, darker or lighter until it can be read on a sheet."""
    aim = "#000000" if _luminance(sheet) > 0.5 else "#ffffff"
    share = 0.0
    while contrast(colour, sheet) < LEAST and share < 1:
        share += STEP
        colour = _mixed(colour, aim, STEP)
    return colour


def ink(colour: str) -> str:
    """What is written on it."""
    return max(INKS, key=lambda one: contrast(one, colour))


def soft(colour: str, sheet: str) -> str:
    """A breath of it, for what is chosen."""
    return _mixed(sheet, colour, 0.12)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(one: str, other: str, share: float) -> str:
    parts = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
