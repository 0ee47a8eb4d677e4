"""Corneas written out for comparison."""

from decimal import Decimal

from protocols.readings import CornealCylinder, MeanCurvature, Meridian


def curvature(r1, r2, mean, cylinder):
    return {
        "r1": Meridian(radius_mm=Decimal(r1[0]), power_d=Decimal(r1[1]), axis=r1[2]),
        "r2": Meridian(radius_mm=Decimal(r2[0]), power_d=Decimal(r2[1]), axis=r2[2]),
        "average": MeanCurvature(radius_mm=Decimal(mean[0]), power_d=Decimal(mean[1]) if mean[1] else None),
        "cylinder": CornealCylinder(power_d=Decimal(cylinder[0]), axis=cylinder[1]),
    }
