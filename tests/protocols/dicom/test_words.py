"""The standard's own tables judge our words: that every attribute asked for exists, and stands where we look for it."""

import re
from pathlib import Path

import pytest
from highdicom._standard_utils import get_iod_module_map, get_module_attribute_map, get_sop_class_iod_map
from pydicom import dcmread
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.filebase import DicomBytesIO
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts

from protocols import dicom
from protocols.dicom import axial, perimetry
from tests.protocols.dicom import test_lenses, test_topography
from tests.protocols.dicom.objects import axial as axial_object
from tests.protocols.dicom.objects import axial_eye, field, filed

SOURCES = sorted(Path(dicom.__file__).parent.glob("*.py"))
ASKED = re.compile(r'\.(?:text|number|numbers|measured|count|axis|items?|code)\(\s*"([A-Za-z]+)"')
TABLED = re.compile(r'"([A-Z][A-Za-z]+(?:Sequence|Date|Time|Laterality|Index|Value|Power|Length))"')


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SOURCES])
def test_every_attribute_asked_for_exists(path):
    words = {*ASKED.findall(path.read_text()), *TABLED.findall(path.read_text())}

    assert [word for word in words if tag_for_keyword(word) is None] == []


def places(sop_class):
    """Every path of every module of a class."""
    iod = get_sop_class_iod_map()[sop_class]
    modules = {module["key"] for module in get_iod_module_map()[iod]}
    return {(*row["path"], row["keyword"]) for module in modules for row in get_module_attribute_map()[module]}


def strangers(dataset, table, path=()):
    for element in dataset:
        here = (*path, element.keyword)
        if here not in table or dictionary_VR(element.tag) != element.VR:
            yield here
        for item in element.value if element.VR == "SQ" else ():
            yield from strangers(item, table, here)


OBJECTS = [
    pytest.param(axial_object(OphthalmicAxialMeasurementsLeftEyeSequence=axial_eye()), id="axial"),
    pytest.param(field(), id="field"),
    pytest.param(test_topography.cornea(), id="topography"),
    pytest.param(test_lenses.calculated(), id="lenses"),
]


@pytest.mark.parametrize("found", OBJECTS)
def test_what_the_tests_are_made_of_belongs_to_the_class(found):
    dataset = dcmread(DicomBytesIO(filed(found)))
    if dataset.Modality == "OPV":  # no module of it has a date of content: the step, the series or the study tells
        del dataset.ContentDate, dataset.ContentTime

    assert list(strangers(dataset, places(dataset.SOPClassUID))) == []


def meanings(group):
    """The codes of a context group with their meanings."""
    found = {}
    for scheme, words in cid_concepts[group].items():
        for word in words:
            found |= {code: meaning for code, (meaning, groups) in concepts[scheme][word].items() if group in groups}
    return found


@pytest.mark.parametrize(("group", "ours"), [(4250, perimetry.PATTERNS), (4251, perimetry.STRATEGIES)])
def test_patterns_and_strategies_are_called_as_the_standard_calls_them(group, ours):
    theirs = meanings(group)

    assert ours.keys() == theirs.keys()
    assert [code for code, word in ours.items() if word.casefold() not in theirs[code].casefold()] == []


@pytest.mark.parametrize(("group", "ours"), [(4231, axial.LENS), (4232, axial.VITREOUS)])
def test_every_status_of_the_standard_has_a_word(group, ours):
    assert meanings(group).keys() <= ours.keys()
