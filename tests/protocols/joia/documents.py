"""Documents put together from the facts on the wire page, by a hand that does not know the decoder."""

import re

SPACE = "http://www.joia.or.jp/standardized/namespaces"
PATIENT = "<nsCommon:No.>0042</nsCommon:No.><nsCommon:ID>H-1001</nsCommon:ID>"


def common(patient=PATIENT, model="KR-800S", more=""):
    return (
        "<nsCommon:Common><nsCommon:Company>TOPCON</nsCommon:Company>"
        f"<nsCommon:ModelName>{model}</nsCommon:ModelName><nsCommon:MachineNo>01</nsCommon:MachineNo>"
        "<nsCommon:ROMVersion>1.04.00</nsCommon:ROMVersion><nsCommon:Version>1.2</nsCommon:Version>"
        "<nsCommon:Date>2024-02-05</nsCommon:Date><nsCommon:Time>14:07:09</nsCommon:Time>"
        f"<nsCommon:Patient>{patient}</nsCommon:Patient>{more}</nsCommon:Common>"
    )


def document(*measures, head=None, encoding="UTF-8", codec="utf-8", space=SPACE):
    declared = "".join(f' xmlns:ns{name}="{space}/{name}"' for name in ("Common", "REF", "KM", "TM", "LM", "SBJ"))
    text = (
        f'<?xml version="1.0" encoding="{encoding}" standalone="no" ?>\n'
        f'<Ophthalmology{declared} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{space}/Common Common_schema.xsd {space}/REF">\n'
        f"{common() if head is None else head}{''.join(measures)}\n</Ophthalmology>\n"
    )
    return text.encode(codec)


def measure(name, said):
    """Said without prefixes, which are put on here; a name behind ``!`` is the vendor's own and gets none."""
    return f'<ns{name}:Measure type="{name}">{prefixed(name, said)}</ns{name}:Measure>'


def prefixed(name, said):
    return re.sub(r"<(/?)(!?)(?=\w)", lambda tag: f"<{tag[1]}{'' if tag[2] else f'ns{name}:'}", said)


def power(sphere, cylinder, axis, more=""):
    return (
        f'<Sphere unit="D">{sphere}</Sphere><Cylinder unit="D">{cylinder}</Cylinder>'
        f'<Axis unit="deg">{axis}</Axis>{more}'
    )


REF = measure(
    "REF",
    '<VD unit="mm">13.75</VD><DiopterStep unit="D">0.25</DiopterStep><REF><R>'
    '<List No="1"><Error>NO CENTER</Error></List>'
    f'<List No="2">{power("0.75", "-0.25", 165, "<SE>0.75</SE><ConfidenceIndex>9</ConfidenceIndex>")}</List>'
    f'<List No="3">{power("0.75", "0.0", 0, "<SE>0.75</SE><ConfidenceIndex></ConfidenceIndex>")}</List>'
    f"<Median>{power('0.75', '-0.50', 165, '<SE>0.50</SE>')}</Median></R>"
    "<L></L></REF>"
    '<PD><WorkingDistance unit="cm"></WorkingDistance><Distance unit="mm">66.00</Distance>'
    '<Near unit="mm">66.00</Near></PD>',
)
CORNEA = (
    "<R1><Radius>8.48</Radius><Power>39.75</Power><Axis>11</Axis></R1>"
    "<R2><Radius>7.79</Radius><Power>43.50</Power><Axis>101</Axis></R2>"
    "<Average><Radius>8.14</Radius><Power>41.75</Power></Average>"
    "<Cylinder><Power>-3.75</Power><Axis>11</Axis></Cylinder>"
)
KM = measure(
    "KM",
    f'<RefractiveIndex>1.3375</RefractiveIndex><KM><R><List No="1">{CORNEA}</List><Median>{CORNEA}</Median></R></KM>'
    "<!Confidence><!R><!Median><!ConfidenceIndex>5</!ConfidenceIndex></!Median></!R></!Confidence>",
)
PRESSURE = '<IOP_mmHg unit="mmHg">{}</IOP_mmHg><IOP_Pa unit="hPa"></IOP_Pa>'
TM = measure(
    "TM",
    f'<TM><R><List No="1">{PRESSURE.format("18.0")}<ConfidenceIndex>*</ConfidenceIndex></List>'
    f'<List No="2">{PRESSURE.format("20.0")}<ConfidenceIndex></ConfidenceIndex></List>'
    f"<Average>{PRESSURE.format('19.0')}</Average></R></TM>"
    '<CorrectedIOP><Formula1 No="1"><R><Param1 unit="mm">0.545</Param1><Param2>0.050</Param2>'
    f'<CCT unit="mm">0.560</CCT><Measured>{PRESSURE.format("19.0")}</Measured>'
    f"<Corrected>{PRESSURE.format('18.0')}</Corrected></R></Formula1></CorrectedIOP>"
    "<!TM><!RL_Order>R</!RL_Order></!TM>"
    '<!CorrectedIOP><!R><!List No="1"><!IOP_mmHg>18</!IOP_mmHg><!IOP_Pa unit="hPa">18</!IOP_Pa></!List></!R>'
    "</!CorrectedIOP>",
)
