"""Heidelberg Spectralis, by the raw files its software exports."""
