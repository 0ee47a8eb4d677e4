"""What is written reads back to the same values; what an object cannot say is refused."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest

from protocols.dicom_refraction import Chart, Patient, Study, Unwritable, decode, write
from protocols.readings import (
    AcuityEye,
    Autorefraction,
    AutorefractionEye,
    Instrument,
    Integrity,
    Keratometry,
    KeratometryEye,
    Lensmetry,
    LensmetryEye,
    Meridian,
    PatientRef,
    Pd,
    Prism,
    PrismComponent,
    SubjectiveEye,
    SubjectiveRefraction,
    Tonometry,
    VisualAcuity,
)

TOP = {
    "instrument": Instrument(maker="NIDEK", model="ARK-1a", dialect="nidek_frame", serial="77", firmware="1.2"),
    "integrity": Integrity(checksum="ok", raw_sha256="ab" * 32),
}
STUDY = Study(
    uid="1.2.3.4",
    began=datetime(2024, 2, 5, 14, 7, 9),
    patient=Patient(id="P-9", name="Zhang^Wei=张^伟", birth_date=date(1980, 1, 2), sex="F"),
    chart=Chart(background="WHITE", optotype="TUMBLING E", presentation="MULTIPLE"),
)
POWER = {"sphere": Decimal("-2.25"), "cylinder": Decimal("-0.50"), "axis": 175}
PRISM = Prism(
    horizontal=PrismComponent(power=Decimal("1.25"), base="in"),
    vertical=PrismComponent(power=Decimal("0.00"), base="down"),
)
CORNEA = KeratometryEye(
    r1=Meridian(radius_mm=Decimal("7.84"), power_d=Decimal("43.00"), axis=120),
    r2=Meridian(radius_mm=Decimal("7.70"), power_d=Decimal("43.75"), axis=30),
)
READINGS = [
    Autorefraction(
        **TOP,
        vertex_mm=Decimal("12.00"),
        pd=Pd(far=Decimal("63.5"), near=Decimal(60)),
        right=AutorefractionEye(**POWER, pupil_mm=Decimal("5.7")),
        left=AutorefractionEye(sphere=Decimal("-0.00")),
    ),
    Keratometry(**TOP, right=CORNEA),
    Lensmetry(
        **TOP,
        lens_type="PROGRESSIVE",
        right=LensmetryEye(**POWER, add=Decimal("2.00"), prism=PRISM),
        left=LensmetryEye(**POWER),
    ),
    Lensmetry(**TOP, single=LensmetryEye(**POWER)),
    SubjectiveRefraction(
        **TOP,
        stage="subjective",
        distance="far",
        vertex_mm=Decimal("13.75"),
        pd=Pd(far=Decimal(62)),
        right=SubjectiveEye(**POWER, add=Decimal("1.75"), prism=PRISM),
        left=SubjectiveEye(**POWER),
    ),
    VisualAcuity(
        **TOP,
        correction="corrected",
        notation="decimal",
        distance="far",
        right=AcuityEye(va="0.8", letters=-2),
        left=AcuityEye(va="1.0", letters=3),
        both=AcuityEye(va="1.25"),
    ),
    VisualAcuity(
        **TOP, correction="habitual", notation="decimal", distance="near", both=AcuityEye(va="1.0", letters=1)
    ),
]
MEASURED = ("right", "left", "both", "single", "pd", "vertex_mm", "lens_type", "stage", "distance", "correction")


def back(reading, study=STUDY):
    (event,) = decode(write(reading, study))
    return event.readings[0]


def changed(reading, **keys):
    return msgspec.structs.replace(reading, **keys)


def refused(reading, study=STUDY):
    with pytest.raises(Unwritable) as refusal:
        write(reading, study)
    return str(refusal.value)


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_written_reads_back_to_the_same_values(reading):
    found = back(reading)

    assert type(found) is type(reading)
    assert {key: getattr(found, key, None) for key in MEASURED} == {
        key: getattr(reading, key, None) for key in MEASURED
    }
    assert found.patient_ref == PatientRef(id="P-9", name="Zhang^Wei=张^伟", birth_date="1980-01-02")
    assert (found.instrument.maker, found.instrument.serial, found.instrument.firmware) == ("NIDEK", "77", "1.2")
    assert (found.measured_at, found.notes) == ("2024-02-05T14:07:09", ())


def test_a_reading_that_was_an_object_is_written_as_it_was_read():
    once = back(READINGS[0])

    assert changed(back(once), integrity=once.integrity, extra={}) == changed(once, extra={})


def test_what_the_instrument_never_told_is_called_unknown_and_read_as_absent():
    nameless = Instrument(maker="NIDEK", model="ARK-1a", dialect="nidek_frame")
    raw = write(changed(READINGS[0], instrument=nameless), STUDY)

    assert raw.count(b"unknown") == 2
    assert decode(raw)[0].readings[0].instrument == changed(nameless, dialect="dicom_refraction")


def test_the_instruments_own_moment_goes_before_the_visits():
    assert (
        back(changed(READINGS[0], measured_at="2024-02-05T14:30:00+08:00")).measured_at == "2024-02-05T14:30:00+08:00"
    )


def test_all_times_of_an_object_are_in_one_zone():
    began = datetime(2024, 2, 5, 6, 7, 9, tzinfo=timezone(timedelta(0)))
    raw = write(changed(READINGS[0], measured_at="2024-02-05T14:30:00+08:00"), changed_study(began=began))

    assert b"TM\x06\x00140709" in raw


def changed_study(**keys):
    return Study(**{name: getattr(STUDY, name) for name in STUDY.__slots__} | keys)


def test_the_same_reading_is_the_same_object_and_another_another():
    one, other = READINGS[0], changed(READINGS[0], integrity=Integrity(checksum="ok", raw_sha256="cd" * 32))

    assert write(one, STUDY) == write(one, STUDY)
    uids = {back(reading).extra["SOPInstanceUID"] for reading in (one, other)}
    assert len(uids) == 2
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in uids)


def test_uids_stand_below_a_root_where_there_is_one():
    uid = back(READINGS[0], changed_study(root="1.2.826.0.1.999")).extra["SOPInstanceUID"]

    assert uid.startswith("1.2.826.0.1.999.")
    assert len(uid) <= 64


def test_a_zero_cylinder_is_a_spherical_eye():
    flat = changed(READINGS[0], right=AutorefractionEye(sphere=Decimal("1.00"), cylinder=Decimal("0.00"), axis=0))

    assert back(flat).right == AutorefractionEye(sphere=Decimal("1.00"))


def test_the_axis_of_the_steep_meridian_follows_from_the_flat_one_and_says_so():
    lone = changed(CORNEA, r2=Meridian(radius_mm=Decimal("7.70"), power_d=Decimal("43.75")))
    found = back(changed(READINGS[1], right=lone))

    assert (found.right.r1.axis, found.right.r2.axis) == (120, 30)
    assert "90 degrees" in found.extra["ImageComments"]


@pytest.mark.parametrize(
    "cornea",
    [
        KeratometryEye(r1=CORNEA.r1),
        changed(CORNEA, r1=Meridian(radius_mm=Decimal("7.84"), axis=120)),
        changed(CORNEA, r1=Meridian(radius_mm=Decimal("7.84"), power_d=Decimal("43.00"))),
    ],
)
def test_a_cornea_needs_both_meridians_whole(cornea):
    assert "No eye" in refused(Keratometry(**TOP, right=cornea))


def test_an_eye_without_representative_stays_behind():
    found = back(changed(READINGS[0], left=AutorefractionEye()))

    assert (found.left, found.right.axis) == (None, 175)
    assert "No eye" in refused(Autorefraction(**TOP, left=AutorefractionEye()))


def test_a_cylinder_without_axis_is_not_written():
    assert "No eye" in refused(
        Autorefraction(**TOP, left=AutorefractionEye(sphere=Decimal(1), cylinder=Decimal("-0.50")))
    )


def no_base(component):
    return PrismComponent(power=component.power)


@pytest.mark.parametrize(
    "prism",
    [
        Prism(power=Decimal(1), base_deg=90),
        Prism(horizontal=PRISM.horizontal),
        Prism(horizontal=PRISM.horizontal, vertical=no_base(PRISM.vertical)),
    ],
)
def test_half_a_prism_is_refused(prism):
    assert "both its components" in refused(changed(READINGS[2], right=LensmetryEye(**POWER, prism=prism)))


def test_an_empty_prism_is_none():
    assert back(changed(READINGS[2], right=LensmetryEye(**POWER, prism=Prism()))).right.prism is None


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        (Tonometry(**TOP), "no class"),
        (changed(READINGS[0], condition="night"), "night"),
        (changed(READINGS[1], ring="second"), "ring"),
        (changed(READINGS[4], stage="final"), "subjectively"),
        (changed(READINGS[4], distance="near"), "far"),
        (changed(READINGS[5], notation="logmar"), "decimal"),
        (changed(READINGS[5], correction="contact_lens"), "correction"),
        (changed(READINGS[5], right=AcuityEye(va="<0.1"), left=None, both=None), "No eye"),
    ],
)
def test_what_an_object_would_say_wrongly_is_refused(reading, why):
    assert why in refused(reading)


def test_an_acuity_needs_its_chart_and_letters_their_definition():
    letters = Chart(background="WHITE", optotype="LETTERS", presentation="MULTIPLE")

    assert "chart" in refused(READINGS[5], changed_study(chart=None))
    assert "definition" in refused(READINGS[5], changed_study(chart=letters))


@pytest.mark.parametrize(
    ("patient", "attribute"),
    [(Patient(id="x" * 65), "Patient ID"), (Patient(name="a\\b"), "Patient's Name")],
)
def test_what_does_not_fit_is_refused_and_not_quoted(patient, attribute):
    assert refused(READINGS[0], changed_study(patient=patient)) == f"{attribute} does not fit into its attribute."
