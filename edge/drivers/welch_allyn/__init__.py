"""Welch Allyn Spot VS100 vision screener, by the text of its print-out."""
