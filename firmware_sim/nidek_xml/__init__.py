"""An ARK-1s, an NT-530P and a TONOREF III that write NIDEK's XML into a shared folder."""

from firmware_sim.nidek_xml.instruments import NT530P, ARK1s, Nidek, TonorefIII
from firmware_sim.nidek_xml.models import example

INSTRUMENTS = {"ark-1s-lan": ARK1s, "nt-530p-lan": NT530P, "tonoref-iii-lan": TonorefIII}

__all__ = ["INSTRUMENTS", "NT530P", "ARK1s", "Nidek", "TonorefIII", "example"]
