"""What the paper shows, upside down: averages first, then the readings, then which column is which eye.

    C.IOP    16.2          15.8        corrected        right, left
    CCT       531           526
    Avg.     14.5          13.8
    ---------------------------
              13            13         readings
            Right          Left
             mmHg          mmHg
        2024-02-05 14:07:00
    No.        :  00000017
    TopaScope

Source: a real print-out of a Topascope quoted by ukinoki/Rufus ``protocols/tomey.cpp`` @70a2597.
"""

import re

DIALECT = "tomey_top"
EXPECTED = "the rows C.IOP, CCT and Avg. of a print-out"
_EOL = rb"[ \t]{0,40}\r?\n"
_ROW = rb"[ \t]{0,20}%s[ \t][^\r\n]{0,60}\r?\n"

# The name of the maker and the rows above the average belong to the beginning, so that they begin nothing more.
BEGINS = re.compile(
    rb"(?:[ \t]{0,40}[A-Za-z][A-Za-z-]{1,20}"
    + _EOL
    + rb"(?:[ \t]{0,40}\r?\n){0,2})?(?:"
    + _ROW % rb"C\.IOP"
    + rb")?(?:"
    + _ROW % rb"CCT"
    + rb")?[ \t]{0,20}Avg\.[ \t]"
)
# The running number, then the name of the model; the name of a maker there heads the next print-out.
ENDS = re.compile(
    rb"No\.[ \t]*:[ \t]*\d{1,12}" + _EOL + rb"[ \t]{0,40}(?!Rodenstock|Tomey)[A-Za-z][A-Za-z0-9 -]{1,20}\r?\n"
)
