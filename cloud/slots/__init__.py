"""When a visit can be: local days as bitmaps of five minutes, layers that take time away, visits that need several.

Pure: no table, no clock. Decision 0007 says why it is built this way.
"""
