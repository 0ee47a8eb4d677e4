"""Adaptica 2WIN and 2WIN-S vision screeners, by the file they write."""
