"""DICOM: a program of its own beside the gateway that stores, commits, answers worklists and keeps performed steps.

``settings``, ``journal``, ``child`` and ``takeover`` belong to the gateway's process; everything else is imported in
the program only, as pynetdicom and pydicom are heavy.
"""
