"""Pictures out of what an instrument kept, in a process that may die of it: ``python -m cloud.imaging.deriving``.

Whatever parses foreign bytes stands here and is never imported by a page.
"""
