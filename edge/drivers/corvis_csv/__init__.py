"""Analysers of corneal biomechanics, by the tables their software exports."""
