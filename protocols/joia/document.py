"""From the bytes of one ``Ophthalmology`` document to its readings, classification by classification."""

from collections.abc import Callable, Iterator

import msgspec

from protocols.framing import Unread
from protocols.joia import keratometry, lens, nidek_rt, refraction, subjective, tonometry
from protocols.joia.common import heading
from protocols.joia.parts import Found
from protocols.readings import Reading
from protocols.xml import Element, Margin
from protocols.xml import read as read_xml

DIALECT = "joia"
ROOTS = ("Ophthalmology", "Ophtalmology")  # the second is what some programs write for the RT-6100
FRAGMENTS = ("Measure", *subjective.BLOCKS)  # parts of a CV-5000 export, as templates hold them

READERS: dict[str, Callable[[Element], Iterator[Found]]] = {
    "REF": refraction.read,
    "KM": keratometry.read,
    "TM": tonometry.read,
    "LM": lens.read,
    "SBJ": subjective.read,
    "PHOR": subjective.read,
    "RT": nidek_rt.read,
}


def read(raw: bytes) -> tuple[Reading, ...]:
    """The readings of one document. Raises Unread."""
    document = read_xml(raw)
    measures = _measures(document.root)
    top = heading(document, raw, DIALECT)
    found = [one for measure in measures for one in READERS.get(_classification(measure), _none)(measure)]
    if not found:
        raise Unread("The document is whole, but it holds no measurement that we know.")
    readings = tuple(one.kind(**top.keys(one.margin), **one.keys) for one in found)
    return (_with_rest(readings[0], document.root, measures), *readings[1:])


def _measures(root: Element) -> list[Element]:
    """Every Measure, whatever its namespace; a fragment stands for the document it was cut from."""
    if root.name in ROOTS:
        return [child for child in root.children if child.name == "Measure"]
    if root.name == "Measure":
        return [root]
    if root.name not in FRAGMENTS:
        raise Unread("The root of the document is not Ophthalmology.")
    whole = Element("Measure", root.space, {"type": "SBJ"})
    whole.children.append(root)
    return [whole]


def _classification(measure: Element) -> str:
    return (measure.attribute("type") or measure.space).upper()


def _none(_: Element) -> Iterator[Found]:
    return iter(())


def _with_rest(reading: Reading, root: Element, measures: list[Element]) -> Reading:
    """Classifications we do not know; a reader must expect them (JOIA Common Specification 01)."""
    margin = Margin()
    for measure in measures:
        if _classification(measure) not in READERS:
            margin.keep_element(f"Measure/{_classification(measure)}", measure)
    for child in root.children if root.name in ROOTS else ():
        if child.name not in ("Common", "Measure"):
            margin.keep_element(child.name, child)
    return msgspec.structs.replace(reading, extra={**reading.extra, **margin.extra})
