"""Figures, each with its peer or its limit in the same run; never part of the test suite."""
