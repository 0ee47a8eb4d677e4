"""Invented machine figures for the components page."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _

from cloud.web.plots import Plot, Track

END = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
START, STEP = END - timedelta(hours=24), timedelta(minutes=15)


def plotted() -> Mapping[str, Plot]:
    """One line with a gap, several lines, nothing."""
    warm = [(START + STEP * n, round(52 + 8 * math.sin(n / 12), 1)) for n in range(97)]
    read, garbled = ([(START + STEP * n, float(n * k % 40)) for n in range(97)] for k in (7, 3))
    return {
        "temperature": Plot(_("Temperature"), "°C", START, END, [Track("", [warm[:40], warm[50:51], warm[56:]])]),
        "frames": Plot(
            _("Transmissions"), _("per hour"), START, END, [Track("ark", [read]), Track("lens-1", [garbled])]
        ),
        "nothing": Plot(_("Rows waiting"), "", START, END),
    }
