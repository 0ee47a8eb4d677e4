"""The words: A, then for each eye its letter and three figures, CR behind each, EOT.

    A CR  R CR  - 1.25 CR  -0.50 CR   90 CR  L CR  …  63 CR  EOT

Source: stormlei/cdc ``TopConDataParser`` @777ffea, tried by its author with an RM-8900; grade B.
"""

import re

DIALECT = "topcon_rm"
EXPECTED = "A, CR, the letter of an eye, CR"
BEGINS = re.compile(rb"A\r(?: ?\r){0,8}[RL]\r")
ENDS = re.compile(rb"\x04")
EOT = b"\x04"
CR = b"\r"
WIDTHS = (6, 5, 3)  # sphere, cylinder, axis
