"""What dialects of labelled text share: figures that can be trusted, days that can be told, one shape of reading."""

from protocols.labelled.days import moment
from protocols.labelled.figures import axis, cylinder, figure, power, sphere
from protocols.labelled.heading import Heading, unnamed
from protocols.labelled.pupils import pupils
from protocols.labelled.recognition import judged, recognised
from protocols.labelled.series import refracted
from protocols.labelled.writing import text

__all__ = [
    "Heading",
    "axis",
    "cylinder",
    "figure",
    "judged",
    "moment",
    "power",
    "pupils",
    "recognised",
    "refracted",
    "sphere",
    "text",
    "unnamed",
]
