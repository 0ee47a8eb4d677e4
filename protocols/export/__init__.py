"""Makers' exports: whole files, and tables whose columns are known by an alias table that is data."""

from protocols.export.columns import Columns, columns_of
from protocols.export.days import Days
from protocols.export.people import people_masked
from protocols.export.remarks import fault, remark
from protocols.export.rows import Row, rows_of
from protocols.export.table import Table, parted, words
from protocols.export.whole import Form, WholeFile, decode, recognised

__all__ = [
    "Columns",
    "Days",
    "Form",
    "Row",
    "Table",
    "WholeFile",
    "columns_of",
    "decode",
    "fault",
    "parted",
    "people_masked",
    "recognised",
    "remark",
    "rows_of",
    "words",
]
