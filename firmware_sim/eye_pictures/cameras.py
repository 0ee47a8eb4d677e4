"""What a fundus camera and a slit lamp's camera see, in colour."""

import math
import random
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Colour = npt.NDArray[np.uint8]
SIDE = 1200
ARTERY, VEIN = (150, 38, 22), (112, 22, 18)


def fundus(eye: str = "right", *, seed: int = 3, haemorrhages: int = 0) -> Colour:
    """The back of an eye: disc on the nose's side, macula beside it, vessels in arcs around it."""
    chance = random.Random(seed)  # noqa: S311 - a picture, no secret
    image = Image.fromarray(_glow())
    draw = ImageDraw.Draw(image)
    disc = (0.70 * SIDE, 0.47 * SIDE)
    for above in (-1, 1):
        for colour, wide, bow in ((VEIN, 13, 0.33), (ARTERY, 9, 0.29)):
            _arc(draw, chance, disc, above, bow, colour, wide)
            _arc(draw, chance, disc, above, -0.12, colour, wide - 4)
    for _number in range(haemorrhages):
        x, y, r = chance.uniform(0.25, 0.6) * SIDE, chance.uniform(0.3, 0.7) * SIDE, chance.uniform(4, 13)
        draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=(96, 14, 12))
    _disc(draw, disc)
    image = image.filter(ImageFilter.GaussianBlur(1.6))
    pixels = _shaded(np.asarray(image).astype(np.float32), random_state=seed)
    return pixels if eye == "right" else np.ascontiguousarray(pixels[:, ::-1])


def autofluorescence(*, seed: int = 3) -> npt.NDArray[np.uint16]:
    """The same fundus through one filter, in 12 bits, of which a screen shows a part at a time."""
    seen = fundus(seed=seed).astype(np.float32).mean(axis=2)
    return np.asarray(60 + seen * 6.5, dtype=np.uint16)


def _glow() -> Colour:
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    far = np.hypot(x, y)[..., None]
    base = np.array([206, 96, 42]) * (1.06 - 0.9 * far)
    spot = np.exp(-(((x + 0.06) ** 2 + (y - 0.02) ** 2) / 0.006))[..., None]
    return np.asarray(np.clip(base - spot * np.array([86, 50, 22]), 0, 255), dtype=np.uint8)


def _arc(
    draw: ImageDraw.ImageDraw,
    chance: random.Random,
    disc: tuple[float, float],
    above: int,
    bow: float,
    colour: tuple[int, int, int],
    wide: int,
) -> None:
    """A vessel from the disc around the macula, thinner as it goes, with branches."""
    points = []
    for step in range(60):
        t = step / 59
        x = disc[0] - t * 0.72 * SIDE if bow > 0 else disc[0] + t * 0.26 * SIDE
        y = disc[1] + above * abs(bow) * SIDE * math.sin(min(1.0, 1.25 * t) * math.pi / 2) + 7 * math.sin(9 * t + bow)
        points.append((x, y))
        if step in (14, 26, 38) and bow > 0:
            _branch(draw, chance, (x, y), above, colour, max(2, round(wide * 0.5)))
    for step, (a, b) in enumerate(pairwise(points)):
        draw.line((*a, *b), fill=colour, width=max(2, round(wide * (1 - 0.7 * step / 60))))


def _branch(
    draw: ImageDraw.ImageDraw,
    chance: random.Random,
    start: tuple[float, float],
    above: int,
    colour: tuple[int, int, int],
    wide: int,
) -> None:
    x, y = start
    heading = chance.choice((above * 1.9, above * 2.7, -above * 2.2))
    for _step in range(26):
        heading += chance.uniform(-0.16, 0.16)
        nx, ny = x + 9 * math.cos(heading), y + 9 * math.sin(heading)
        if math.hypot(nx - 0.44 * SIDE, ny - 0.52 * SIDE) < 0.07 * SIDE:
            return
        draw.line((x, y, nx, ny), fill=colour, width=wide)
        x, y = nx, ny


def _disc(draw: ImageDraw.ImageDraw, disc: tuple[float, float]) -> None:
    x, y = disc
    draw.ellipse((x - 74, y - 84, x + 74, y + 84), fill=(232, 178, 104))
    draw.ellipse((x - 32, y - 38, x + 32, y + 38), fill=(250, 226, 176))
    for turn in (-1.8, -1.35, 1.35, 1.8):
        draw.line((x, y, x + 84 * math.cos(turn), y + 84 * math.sin(turn)), fill=VEIN, width=9)


def _shaded(pixels: npt.NDArray[np.float32], random_state: int) -> Colour:
    grain = np.random.default_rng(random_state).normal(0, 3, pixels.shape[:2])[..., None]
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    inside = (np.hypot(x, y) < 0.485)[..., None]
    return np.asarray(np.where(inside, np.clip(pixels + grain, 0, 255), 4), dtype=np.uint8)


def slit_lamp(*, seed: int = 5) -> Colour:
    """The front of an eye in diffuse light with a slit across the cornea."""
    wide, high = 1280, 960
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    dx, dy = x - 660, y - 490
    far, turn = np.hypot(dx, dy), np.arctan2(dy, dx)
    sclera = np.array([214, 190, 182]) * (1.05 - 0.00045 * far)[..., None]
    rays = 0.72 + 0.2 * np.sin(turn * 47 + 3 * np.sin(turn * 5)) + 0.16 * np.sin(far / 13)
    iris = np.array([122, 84, 46]) * rays[..., None]
    pixels = np.where((far < 330)[..., None], iris, sclera)
    pixels = np.where((np.abs(far - 330) < 14)[..., None], pixels * 0.55, pixels)
    pixels = np.where((far < 118)[..., None], np.array([12, 10, 12]), pixels)
    beam = np.exp(-(((dx - 120 + 0.0009 * dy**2) / 26) ** 2)) * (far < 345)
    pixels = pixels + beam[..., None] * np.array([120, 132, 140])
    lids = (dy < -300 + 0.00052 * dx**2) | (dy > 320 - 0.00045 * dx**2)
    pixels = np.where(lids[..., None], np.array([188, 132, 112]) * (1.0 - 0.0004 * np.abs(dy))[..., None], pixels)
    glint = np.exp(-(((dx + 60) / 16) ** 2 + ((dy + 90) / 22) ** 2))
    pixels = pixels + glint[..., None] * 240 + noise.normal(0, 4, (high, wide))[..., None]
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)))
