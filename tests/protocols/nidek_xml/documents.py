"""Documents put together from the facts on the wire page, by a hand that does not know the decoder."""

POWER = "<Sphere>{}</Sphere><Cylinder>{}</Cylinder><Axis>{}</Axis>"
CORNEA = (
    "<R1><Radius>7.80</Radius><Power>43.25</Power><Axis>170</Axis></R1>"
    "<R2><Radius>7.70</Radius><Power>43.75</Power><Axis>80</Axis></R2>"
    "<Average><Radius>7.75</Radius><Power>43.50</Power></Average>"
    "<KMCylinder><Power>-0.50</Power><Axis>170</Axis></KMCylinder>"
)


def power(sphere, cylinder, axis, more=""):
    return POWER.format(sphere, cylinder, axis) + more


def document(
    right="", left="", more="", patient="<No.>0042</No.><ID>H-1001</ID>", encoding="utf-16-le", model="ARK-1s"
):
    text = f"""<?xml version="1.0" encoding="UTF-16"?>\r
<?xml-stylesheet type="text/xsl" href="RKT_style.xsl"?>\r
<Data><Company>NIDEK</Company><ModelName>{model}</ModelName><ROMVersion>1.00</ROMVersion>\r
<Date>2024/02/05</Date><Time>14:07:09</Time><Patient>{patient}</Patient>\r
<VD>12.00 mm</VD><WorkingDistance>40 cm</WorkingDistance><RefractiveIndex>1.3375</RefractiveIndex>\r
<R>{right}</R><L>{left}</L>{more}</Data>\r\n"""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    return mark + text.encode(encoding)


CLOUDED = "<CataractMode>ON</CataractMode><ConfidenceIndex>8</ConfidenceIndex>"
CLEAR = "<CataractMode></CataractMode><ConfidenceIndex>9</ConfidenceIndex>"
AR = (
    "<AR>"
    f'<ARList No = "1">{power("-1.25", "-0.50", 175, CLOUDED)}</ARList>'
    '<ARList No = "2"><Error>COVR </Error></ARList>'
    f'<ARList No = "3">{power("+0.25", "-0.00", 0, CLEAR)}</ARList>'
    f"<ARMedian>{power('-1.25', '-0.37', 5, '<SE>-1.50</SE>')}</ARMedian>"
    f"<TrialLens>{power('-1.25', '-0.50', 5)}</TrialLens>"
    f"<ContactLens>{power('-1.20', '-0.45', 5, '<SE>-1.42</SE>')}</ContactLens>"
    "</AR>"
)
PD = '<PD><PDList No = "1"><FarPD>62</FarPD><RPD>30.5</RPD><LPD>31.5</LPD><NearPD>58</NearPD></PDList></PD>'
NT = (
    '<NT><NTList No = "1"><mmHg>16</mmHg><kPa>2.1</kPa></NTList><NTList No = "2"><Error>APL</Error></NTList>'
    "<NTAverage><mmHg>16.0</mmHg><kPa>2.13</kPa></NTAverage>"
    "<CorrectedIOP><Param1>550um</Param1><Param2>0.0400</Param2><CCT>596um</CCT>"
    "<Measured><mmHg>16.0</mmHg><kPa>2.13</kPa></Measured>"
    "<Corrected><mmHg>14.2</mmHg><kPa>1.89</kPa></Corrected></CorrectedIOP></NT>"
)
PACHY = (
    '<PACHY><PACHYList No = "1"><Thickness>591</Thickness></PACHYList>'
    '<PACHYList No = "2"><Thickness>1012</Thickness></PACHYList>'
    "<PACHYAverage><Thickness>802</Thickness></PACHYAverage></PACHY>"
)
