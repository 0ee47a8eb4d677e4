"""A macula in layers, slice by slice, as tomography shows it: bright fibres, a pit, shadows of vessels, speckle."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

Grey = npt.NDArray[np.uint8]
# Thickness of the layers in micrometres away from the pit, and how bright each is (0 to 1); the last goes on below.
LAYERS = (
    *((38.0, 0.78), (36.0, 0.46), (34.0, 0.52), (30.0, 0.26), (26.0, 0.50), (78.0, 0.20), (7.0, 0.55), (16.0, 0.26)),
    *((13.0, 0.95), (12.0, 0.35), (20.0, 1.00)),
)
INNER = 5  # layers that the pit thins away
ROW_UM = 3.9
DARK, CHOROID = 0.05, 0.5


class Macula:
    """A volume of ``slices`` of ``rows`` x ``columns``, 6 mm wide and ``span`` mm from the first slice to the last.

    ``thickened`` swells the middle by so many µm.
    """

    def __init__(
        self,
        slices: int = 64,
        rows: int = 496,
        columns: int = 512,
        *,
        seed: int = 1,
        thickened: float = 0,
        span: float = 6.0,
    ) -> None:
        self.slices, self.rows, self.columns, self.thickened = slices, rows, columns, thickened
        self._span = span
        self._chance = np.random.default_rng(seed)
        self._x = np.linspace(-3, 3, columns)
        self._vessels = [self._vessel(side) for side in (-1, 1, -0.6, 0.7, -1.4, 1.5)]
        spots = Image.fromarray(self._chance.random((rows // 16 + 1, columns // 20 + 1)).astype(np.float32))
        self._textured = np.asarray(spots.resize((columns, rows), Image.Resampling.BICUBIC))  # vessels of the choroid

    @property
    def pixel_mm(self) -> tuple[float, float]:
        """Distance of rows and of columns."""
        return ROW_UM / 1000, 6 / self.columns

    @property
    def slice_mm(self) -> float:
        """Distance of slices."""
        return self._span / self.slices

    def __iter__(self) -> Iterator[Grey]:
        return (self.slice(number) for number in range(self.slices))

    def slice(self, number: int) -> Grey:
        """One slice."""
        y = self._span * ((number + 0.5) / self.slices - 0.5)
        light = self._layers(y)
        speckle = self._chance.gamma(5.0, 0.2, light.shape).astype(np.float32)
        blurred = (speckle + np.roll(speckle, 1, 1) + np.roll(speckle, 1, 0)) / 3
        return np.asarray(np.clip(255 * light * blurred, 0, 255), dtype=np.uint8)

    def _layers(self, y: float) -> npt.NDArray[np.float32]:
        z = np.arange(self.rows, dtype=np.float32)[:, None] * ROW_UM
        thick = self._thicknesses(y)
        surface = self.rows * ROW_UM * 0.5 + 9.0 * self._x**2 + 7.0 * y**2 - 8 * self._x - sum(thick)
        light, depth = np.full((self.rows, self.columns), DARK, dtype=np.float32), surface
        for here, (_um, bright) in zip(thick, LAYERS, strict=True):
            light[(z >= depth) & (z < depth + here)] = bright
            depth = depth + here
        below = z - depth
        choroid = CHOROID * np.exp(-below / 260) * (0.45 + 0.55 * self._textured)
        light = np.where(below >= 0, np.maximum(choroid, DARK), light)
        return np.where(z >= surface + 30, light * self._shadows(y), light).astype(np.float32)

    def _thicknesses(self, y: float) -> list[npt.NDArray[np.float64]]:
        far = np.hypot(self._x, y)
        pit, rim = np.exp(-((far / 0.55) ** 2)), 1 + 0.3 * np.exp(-(((far - 1.1) / 0.6) ** 2))
        swollen = self.thickened * np.exp(-((far / 0.9) ** 2))
        return [
            um * (rim * (1 - 0.93 * pit) if at < INNER else np.ones_like(far)) + (swollen if at == INNER else 0)
            for at, (um, _bright) in enumerate(LAYERS)
        ]

    def _vessel(self, side: float) -> tuple[float, float, float]:
        return side, float(self._chance.uniform(0.15, 0.5)), float(self._chance.uniform(0.05, 0.11))

    def _shadows(self, y: float) -> npt.NDArray[np.float32]:
        shade = np.ones(self.columns, dtype=np.float32)
        for side, bend, width in self._vessels:
            middle = side * (1.3 + bend * np.sin(1.1 * y + side) + 0.12 * y * y)
            shade *= 1 - 0.5 * np.exp(-(((self._x - middle) / width) ** 2)).astype(np.float32)
        return shade[None, :]
