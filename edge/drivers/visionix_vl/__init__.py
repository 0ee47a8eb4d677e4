"""Visionix VL1000 and Huvitz CLM-7000 and HLM-7000 lensmeters on a serial line."""
