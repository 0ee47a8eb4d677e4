"""Visual fields: what was not seen has no sensitivity, and codes decide what the test was."""

from decimal import Decimal

import pytest

from protocols.readings import FieldPoint
from tests.protocols.dicom.objects import code, decoded, field, item, notes, point


def read(found):
    document, reading = decoded(found)
    assert document.laterality == "left"
    return reading


def test_points_carry_degrees_and_decibels():
    normals = item(
        AgeCorrectedSensitivityDeviationValue=-2.5,
        AgeCorrectedSensitivityDeviationProbabilityValue=5.0,
        GeneralizedDefectCorrectedSensitivityDeviationValue=-1.0,
        GeneralizedDefectCorrectedSensitivityDeviationProbabilityValue=0.5,
    )
    (seen,) = read(field(VisualFieldTestPointSequence=[point(-9.0, 3.0, normals=normals)])).left.points

    assert seen == FieldPoint(
        x=Decimal(-9),
        y=Decimal(3),
        db=Decimal(30),
        seen=True,
        total_deviation_db=Decimal("-2.5"),
        total_deviation_p=Decimal(5),
        pattern_deviation_db=Decimal(-1),
        pattern_deviation_p=Decimal("0.5"),
    )


def test_what_was_not_seen_is_never_zero_decibels():
    points = read(field()).left.points

    assert (points[1].seen, points[1].db) == (False, None)


def test_the_pattern_and_the_strategy_come_from_their_codes():
    reading = read(field())

    assert (reading.test, reading.strategy) == ("24-2", "SITA-Fast")
    assert reading.right is None


def test_a_code_and_words_that_differ_are_told_and_the_code_decides():
    wrong = [code("111818", meaning="Visual Field SITA-Fast Test Strategy")]
    found = decoded(field(PerformedProtocolCodeSequence=wrong))

    assert found[1].strategy == "Full Threshold"
    assert notes(found) == ["code_contradicts"]
    assert found[1].extra["protocol_words"] == "Visual Field SITA-Fast Test Strategy"


def test_an_unknown_protocol_is_kept_in_its_own_words():
    reading = read(field(PerformedProtocolCodeSequence=[code("ESTERMAN", "99CZM", "Esterman Binocular")]))

    assert (reading.test, reading.strategy) == (None, None)
    assert reading.extra["protocol"] == ["Esterman Binocular (ESTERMAN 99CZM)"]


def test_indices_and_reliability():
    normals = item(
        GlobalDeviationFromNormal=-3.21,
        LocalizedDeviationFromNormal=2.05,
        GlobalDeviationProbabilitySequence=item(GlobalDeviationProbability=2.0),
        LocalizedDeviationProbabilitySequence=item(LocalizedDeviationProbability=0.5),
    )
    left = read(
        field(
            ResultsNormalsSequence=normals,
            FixationSequence=item(FixationCheckedQuantity=17, PatientNotProperlyFixatedQuantity=0),
            VisualFieldCatchTrialSequence=item(FalsePositivesEstimate=3.0, FalseNegativesEstimate=0.0),
            FovealSensitivityMeasured="YES",
            FovealSensitivity=36.0,
            VisualFieldTestDuration=240.0,
        )
    ).left

    assert (str(left.md_db), str(left.md_p), str(left.psd_db), str(left.psd_p)) == ("-3.21", "2", "2.05", "0.5")
    assert (left.fixation_checks, left.fixation_losses) == (17, 0)
    assert (left.false_positives_percent, left.false_negatives_percent) == (Decimal(3), Decimal(0))
    assert (str(left.foveal_db), str(left.duration_s)) == ("36", "240")


def observed(name, **value):
    return item(DataObservationSequence=item(ConceptNameCodeSequence=name, **value))


def test_field_index_and_hemifield_test_are_content_items():
    reading = read(
        field(
            VisualFieldGlobalResultsIndexSequence=[
                observed(code("111852"), NumericValue="97"),
                observed(code("111855"), ConceptCodeSequence=code("111847", meaning="Outside normal limits")),
                observed(code("111853", meaning="Diffuse"), NumericValue="1.5"),
            ]
        )
    )

    assert (str(reading.left.vfi_percent), reading.left.ght) == ("97", "Outside normal limits")
    assert reading.extra["Diffuse (111853 DCM)"] == "1.5"


def test_a_fovea_that_was_not_measured_is_absent_whatever_stands_there():
    assert read(field(FovealSensitivityMeasured="NO", FovealSensitivity=0.0)).left.foveal_db is None


@pytest.mark.parametrize("side", ["B", "", None])
def test_a_field_of_no_one_eye_is_kept_beside_the_document(side):
    (document,) = found = decoded(field(MeasurementLaterality=side))

    assert notes(found) == ["no_eye"]
    assert len(document.extra["VisualFieldTestPointSequence"]) == 2
