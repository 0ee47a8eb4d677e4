"""Suoer SW-800 vision screener, by the text of its print-out."""
