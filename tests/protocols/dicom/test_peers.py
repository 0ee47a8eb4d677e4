"""Judges that are not us: dcmtk's rewriting of an object, highdicom's building of a report."""

import shutil
import subprocess

import highdicom as hd
import msgspec
import pytest
from highdicom.sr import CodedConcept
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from protocols.dicom import decode
from protocols.framing import Transmission
from tests.protocols.dicom.objects import axial, dataset, decoded, field, filed
from tests.protocols.dicom.test_topography import cornea
from tests.protocols.dicom.test_zeiss import page

OBJECTS = {"axial": axial(), "field": field(), "cornea": cornea(), "page": page()}
WRITINGS = {"implicit": "+ti", "explicit": "+te", "big end first": "+tb", "deflated": "+td", "without lengths": "-e"}


def values(raw):
    """What was measured, without what names the file."""
    (event,) = decode(raw)
    assert isinstance(event, Transmission), event
    return [msgspec.structs.replace(reading, integrity=None) for reading in event.readings[1:]]


@pytest.mark.peer
@pytest.mark.skipif(not shutil.which("dcmconv"), reason="dcmtk is not on this machine")
@pytest.mark.parametrize("option", [pytest.param(option, id=name) for name, option in WRITINGS.items()])
@pytest.mark.parametrize("name", OBJECTS)
def test_dcmtk_may_write_it_in_any_way(name, option, tmp_path):
    raw = filed(OBJECTS[name])
    (tmp_path / "a.dcm").write_bytes(raw)
    subprocess.run(["dcmconv", option, tmp_path / "a.dcm", tmp_path / "b.dcm"], check=True, timeout=60)
    rewritten = (tmp_path / "b.dcm").read_bytes()

    assert values(rewritten) == values(raw) != []
    assert rewritten != raw


def group(side, *measurements):
    return hd.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid=generate_uid(), identifier="eye"),
        finding_sites=[hd.sr.FindingSite(anatomic_location=codes.SCT.Eye, laterality=side)],
        measurements=[
            hd.sr.Measurement(name=CodedConcept(*name), value=value, unit=codes.UCUM.Micrometer)
            for name, value in measurements
        ],
    )


def test_a_report_built_by_highdicom():
    source = dataset("77.1.5.4", Rows=1, Columns=1, PatientSex="F", StudyID="1", AccessionNumber="A1")
    source.StudyDate, source.StudyTime, source.ReferringPhysicianName = "20260304", "093000", ""
    observer = hd.sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=hd.sr.DeviceObserverIdentifyingAttributes(uid="1.2.3"),
    )
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_device_context=observer),
        procedure_reported=codes.SCT.ImagingProcedure,
        imaging_measurements=[
            group(
                codes.SCT.Right,
                (("57109-1", "LN", "center subfield"), 251.0),
                (("131264", "DCM", "RNFL average"), 92.5),
            ),
            group(codes.SCT.Left, (("57109-1", "LN", "center subfield"), 248.0)),
        ],
    )
    report = hd.sr.Comprehensive3DSR(
        evidence=[source],
        content=content,
        series_number=1,
        instance_number=1,
        manufacturer="Maker",
        series_instance_uid=generate_uid(),
        sop_instance_uid=generate_uid(),
    )
    _, reading = decoded(report)

    assert {name: str(value) for name, value in reading.right.macula_um.items()} == {"center": "251.0"}
    assert {name: str(value) for name, value in reading.right.rnfl_um.items()} == {"average": "92.5"}
    assert {name: str(value) for name, value in reading.left.macula_um.items()} == {"center": "248.0"}
