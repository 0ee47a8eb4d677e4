"""The words: a name and an eye, a star on the value the instrument chose, fields behind commas.

    Ref_R,-1.25,-0.50,90     Ref_R*,-1.25,-0.50,90     Kerato_R,…     PD…

Source: stormlei/cdc ``RT6000DataParser`` @777ffea, tried by its author with R:3/K:1, Format 2, 9600; grade B.
"""

import re

DIALECT = "tomey_format2"
EXPECTED = "a line Ref_R*,sphere,cylinder,axis"

# A print-out is taken whole: right eyes, then left eyes and corneas; a right eye behind those begins the next.
_RIGHT = rb"Ref_R(?:(?!Ref_L|Kerato_)[\s\S])*"
_BEHIND = rb"(?:Ref_L|Kerato_[RL])(?:(?!Ref_R)[\s\S])*"
BEGINS = re.compile(_RIGHT + rb"(?:" + _BEHIND + rb")?|" + _BEHIND)
LINE = re.compile(r"(Ref|Kerato)_([RL])(\*?)\d{0,2} *,([^\u240d\u240a]*)([\u240d\u240a]?)")
OTHER = re.compile(r"[^\u240d\u240a]+")
