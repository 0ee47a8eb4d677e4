"""Takes the patient out: ``Patient`` with its ID, and the names of the images, which carry it."""

from protocols.nidek_xml.recognition import decode
from protocols.xml.blanking import blank_documents


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    return blank_documents(data, decode)
