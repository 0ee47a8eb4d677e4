"""NIDEK autorefractors and tonometers that write XML into a shared folder."""
