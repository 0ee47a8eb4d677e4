"""Calculations of intraocular lenses are told as they stand."""

from tests.protocols.dicom.objects import code, dataset, decoded, item
from tests.protocols.dicom.test_topography import meridian


def calculation(formula="Haigis"):
    return item(
        IOLFormulaCodeSequence=code("111760", meaning=formula),
        IOLManufacturer="Maker of lenses",
        ImplantName="Lens 1",
        TargetRefraction=-0.25,
        KeratometerIndex=1.3375,
        IOLPowerForExactEmmetropia=18.6213,
        OphthalmicAxialLengthSequence=item(OphthalmicAxialLength=23.41),
        LensConstantSequence=[
            item(ConceptNameCodeSequence=code("111769", meaning="Haigis a0"), NumericValue="-0.705"),
            item(ConceptNameCodeSequence=code("111770", meaning="Haigis a1"), NumericValue="0.40"),
        ],
        IOLPowerSequence=[
            item(IOLPower=19.0, PredictedRefractiveError=-0.31, PreSelectedForImplantation="YES"),
            item(IOLPower=18.5, PredictedRefractiveError=0.0),
        ],
        FlatKeratometricAxisSequence=meridian(7.94, 42.51, 175.0),
        SteepKeratometricAxisSequence=meridian(7.71, 43.77, 85.0),
    )


def calculated():
    both = [calculation(), calculation("Other")]
    return dataset("78.8", IntraocularLensCalculationsRightEyeSequence=both)


def test_formulas_constants_and_lenses_stand_beside_the_document():
    (document,) = decoded(calculated())
    first, second = document.extra["iol_calculations"]["right"]

    assert document.title == "Intraocular Lens Calculations"
    assert (first["formula"], second["formula"]) == ("Haigis", "Other")
    assert first["constants"] == {"Haigis a0": "-0.705", "Haigis a1": "0.40"}
    assert first["choices"] == [
        {"iol_power": "19", "refraction": "-0.31", "chosen": "YES"},
        {"iol_power": "18.5", "refraction": "0"},
    ]
    assert (first["target_refraction"], first["emmetropia_iol"]) == ("-0.25", "18.6213")
    assert first["axial_length_mm"] == "23.41"
    assert first["flat"] == {"radius_mm": "7.94", "power_d": "42.51", "axis": "175"}
