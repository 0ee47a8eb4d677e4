"""Patients, as far as matching needs them; owns who they are, never what was measured."""
