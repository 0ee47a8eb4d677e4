"""Huvitz HTR-1A and Righton Speedy-K that write XML into a shared folder."""
