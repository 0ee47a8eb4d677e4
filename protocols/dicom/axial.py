"""Ophthalmic Axial Measurements (78.7): the chosen lengths of each eye, and every single one."""

from decimal import Decimal
from typing import Any, Literal

from protocols.dicom.grammar import SIDES
from protocols.dicom.level import Code, Level
from protocols.readings import AxialReading, Biometry, BiometryEye

# CID 4233, with the SNOMED-RT identifiers that older software writes.
_SEGMENTS = {
    "28726007": "cornea",
    "T-AA200": "cornea",
    "31636006": "chamber",
    "T-AA050": "chamber",
    "111778": "lens",
    "111779": "posterior_lens",
    "26386000": "vitreous",
    "T-AA092": "vitreous",
}
# CID 4231 and 4232; SRT and 99CZM as Zeiss writes them.
LENS = {
    "24010005": "aphakic",
    "DA-73410": "aphakic",
    "247049005": "phakic",
    "R-2073F": "phakic",
    "397559001": "phakic IOL",
    "A-040F7": "phakic IOL",
    "370951003": "piggyback IOL",
    "F-02087": "piggyback IOL",
    "309523001": "pseudophakic",
    "DA-73460": "pseudophakic",
    "PSDPHKC_SILICON": "pseudophakic, silicone",
    "PSDPHKC_PMMA": "pseudophakic, PMMA",
    "PGGYBCK_SILICON": "piggyback IOL, silicone",
}
VITREOUS = {
    "372242005": "vitreous",
    "232077005": "post-vitrectomy",
    "DA-7930D": "post-vitrectomy",
    "247095003": "silicone oil",
    "F-035FD": "silicone oil",
    "247094004": "gas",
}
Begin = Literal["epithelium", "endothelium"]
_CHAMBER_FROM: dict[str, Begin] = {"111776": "epithelium", "111777": "endothelium"}
_SPREAD, _NOISE = "111786", "111787"
_METHODS = {"OPTICAL": "optical", "OPTICAL_BIOMETRY": "optical", "ULTRASOUND": "ultrasound"}


def axial(root: Level) -> list[tuple[type[Biometry], dict[str, Any]]]:
    """One reading of both eyes; none where the object holds no eye."""
    method = _METHODS.get((root.text("OphthalmicAxialMeasurementsDeviceType") or "").upper())
    begins = _begins(root)
    eyes = {side: eye for side in SIDES if (eye := _eye(root, side, begins)) != BiometryEye()}
    return [(Biometry, {"method": method} | eyes)] if eyes else []


def _begins(root: Level) -> Begin | None:
    """Where the anterior chamber begins, as the object says; Zeiss, who says nothing, measures from the epithelium."""
    code = root.code("AnteriorChamberDepthDefinitionCodeSequence")
    if code:
        return _CHAMBER_FROM.get(code.value)
    return "epithelium" if "zeiss" in (root.text("Manufacturer") or "").casefold() else None


def _eye(root: Level, side: str, begins: Begin | None) -> BiometryEye:
    eye = root.item(f"OphthalmicAxialMeasurements{side.capitalize()}EyeSequence")
    if eye is None:
        return BiometryEye()
    optical = eye.item("OpticalSelectedOphthalmicAxialLengthSequence")
    chosen = optical or eye.item("UltrasoundSelectedOphthalmicAxialLengthSequence")
    segments = _segments(chosen) if chosen else {}
    depth = segments.get("chamber")
    return BiometryEye(
        acd_mm=depth,
        acd_from=begins if depth else None,
        lens_thickness_mm=segments.get("lens"),
        vitreous_mm=segments.get("vitreous"),
        cct_um=_micrometres(segments.get("cornea")),
        lens_status=_status(eye, "Lens", LENS),
        vitreous_status=_status(eye, "Vitreous", VITREOUS),
        readings=_readings(eye),
        **(_total(chosen) if chosen else {}),
    )


def _total(chosen: Level) -> dict[str, Any]:
    """The chosen length, with the spread and the noise the instrument gave for it. In ultrasound it stands bare."""
    total = chosen.item("SelectedTotalOphthalmicAxialLengthSequence") or chosen
    found = {"axial_length_mm": total.measured("OphthalmicAxialLength")}
    for metric in total.items("OphthalmicAxialLengthQualityMetricSequence"):
        code, value = metric.code("ConceptNameCodeSequence"), metric.number("NumericValue")
        unit = metric.code("MeasurementUnitsCodeSequence")
        if code and code.value == _NOISE:
            found["snr"] = value
        elif code and code.value == _SPREAD and unit and unit.value == "mm":
            found["standard_deviation_mm"] = value
        elif code and value is not None:
            chosen.keep(str(code), f"{value} {unit.value if unit else ''}".strip())
    return found


def _segments(chosen: Level) -> dict[str, Decimal]:
    """Lengths in millimetres by what they are of; a segment nobody knows is kept by its code."""
    found: dict[str, Decimal] = {}
    for segment in chosen.items("SelectedSegmentalOphthalmicAxialLengthSequence"):
        code = segment.code("OphthalmicAxialLengthMeasurementsSegmentNameCodeSequence")
        length = segment.measured("OphthalmicAxialLength")
        name = _SEGMENTS.get(code.value) if code else None
        if length and name and name != "posterior_lens" and name not in found:
            found[name] = length
        elif length:
            segment.keep(str(code or "segment"), f"{length} mm")
    return found


def _readings(eye: Level) -> tuple[AxialReading, ...]:
    """Every single total length. Those of segments stay with the rest."""
    singles = []
    for series in eye.items("OphthalmicAxialLengthMeasurementsSequence"):
        for one in series.items("OphthalmicAxialLengthMeasurementsTotalLengthSequence"):
            if one.text("OphthalmicAxialLengthMeasurementModified") == "YES":
                one.keep("OphthalmicAxialLengthMeasurementModified", "YES")
                one.journal.note("entered_by_hand", "A value was entered or changed by hand at the instrument.")
            if length := one.measured("OphthalmicAxialLength"):
                singles.append(AxialReading(axial_length_mm=length, snr=_noise(one)))
    return tuple(singles)


def _noise(one: Level) -> Decimal | None:
    optical = one.item("OpticalOphthalmicAxialLengthMeasurementsSequence")
    return optical.measured("SignalToNoiseRatio") if optical else None


def _status(eye: Level, of: str, words: dict[str, str]) -> str | None:
    """By code; an unknown one in its own words, with a note."""
    code = eye.code(f"{of}StatusCodeSequence")
    if code is None:
        return None
    if code.value not in words:
        eye.journal.note(
            "unknown_code", f"The {of.lower()} status is coded in a way we do not know; its own words are kept."
        )
    return words.get(code.value) or _words(code)


def _words(code: Code) -> str:
    return code.meaning or code.value


def _micrometres(length: Decimal | None) -> Decimal | None:
    """The object says millimetres; a cornea is spoken of in micrometres."""
    return Decimal(f"{(length * 1000).normalize():f}") if length else None
