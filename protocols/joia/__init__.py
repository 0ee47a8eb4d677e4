"""XML with root ``Ophthalmology``: JOIA and ISO 22218, NIDEK LM and RT-6100; see docs/wire/joia.md."""

from protocols.joia.blanking import blank
from protocols.joia.cv5000 import Preset, import_file
from protocols.joia.document import DIALECT
from protocols.joia.recognition import Decoder, decode, recognise
from protocols.joia.rt6100 import import_files, lensmeter_document

__all__ = [
    "DIALECT",
    "Decoder",
    "Preset",
    "blank",
    "decode",
    "import_file",
    "import_files",
    "lensmeter_document",
    "recognise",
]
