"""Reading one document: every encoding that occurs, every trick that must not work, and the offset of a refusal."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.framing import Unread
from protocols.xml import figure, read, whole_number
from protocols.xml.reading import DEEPEST, LARGEST, MOST

SAMPLE = '<?xml version="1.0" encoding="{}"?>\n<Data><Company>NIDEK</Company><Comment>検眼 °</Comment></Data>\r\n'


def refused(raw):
    with pytest.raises(Unread) as refusal:
        read(raw)
    assert 0 <= refusal.value.offset <= len(raw)
    return refusal.value


@pytest.mark.parametrize(
    ("declared", "codec", "mark"),
    [
        ("UTF-8", "utf-8", b""),
        ("utf-8", "utf-8", b"\xef\xbb\xbf"),
        ("UTF-16", "utf-16-le", b"\xff\xfe"),
        ("UTF-16", "utf-16-be", b"\xfe\xff"),
        ("UTF-16", "utf-16-le", b""),
        ("UTF-16", "utf-16-be", b""),
        ("UTF-16", "utf-8", b""),  # as NIDEK files come out of other people's programs
        ("UTF-16", "utf-8", b"\xef\xbb\xbf"),
        ("UTF-8", "utf-16-le", b"\xff\xfe"),
        ("UTF-8", "utf-16-le", b""),
        ("Shift-JIS", "cp932", b""),
        ("Shift_JIS", "cp932", b""),
        ("shift_jis", "cp932", b""),
        ("SJIS", "cp932", b""),
        ("x-sjis", "cp932", b""),
        ("Windows-31J", "cp932", b""),
        ("CP932", "cp932", b""),
        ("nobody-knows", "utf-8", b""),
    ],
)
def test_every_encoding_that_occurs_is_read_whatever_the_declaration_says(declared, codec, mark):
    document = read(mark + SAMPLE.format(declared).encode(codec))
    assert (document.root.said("Company"), document.root.said("Comment")) == ("NIDEK", "検眼 °")
    assert document.notes == ()


@pytest.mark.parametrize("codec", ["cp932", "latin-1"])
def test_a_declaration_that_names_the_wrong_single_byte_encoding_costs_no_value_and_is_told(codec):
    name = "検眼" if codec == "cp932" else "Jürgen "
    raw = f'<?xml version="1.0" encoding="UTF-8"?><a><n>{name}</n><v>-2.75</v></a>'.encode(codec)
    document = read(raw)
    assert (document.root.said("v"), document.root.said("n")) == ("-2.75", name.strip())
    assert [note.code for note in document.notes] == ["encoding_doubtful"]


def test_local_names_the_hint_of_the_namespace_and_attributes_in_lower_case():
    raw = b"""<Ophthalmology xmlns:a="http://www.joia.or.jp/standardized/namespaces/REF" xmlns="http://x/y/"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="an odd number">
        <a:Measure Type="REF"><a:No.13B Unit="D"> 1 </a:No.13B></a:Measure><TM>x</TM></Ophthalmology>"""
    root = read(raw).root
    measure, vendor = root.children
    assert (root.name, root.space, measure.name, measure.space, vendor.space) == (
        "Ophthalmology",
        "y",
        "Measure",
        "REF",
        "y",
    )
    assert measure.attribute("type") == "REF"
    assert measure.get("No.13B").attribute("unit") == "D"
    assert root.get("Measure") is None
    assert root.get("TM").text == "x"


def test_a_prefix_nobody_declared_is_its_own_hint():
    assert read(b"<nsKM:Measure/>").root.space == "KM"


def test_what_stands_below_as_plain_data():
    raw = b'<a><b unit="D" No="1">x</b><c></c><d No="1"><e>1</e></d><d No="2"><e>2</e></d></a>'
    assert read(raw).root.outline() == {
        "b": {"@no": "1", "text": "x"},
        "d": [{"@no": "1", "e": "1"}, {"@no": "2", "e": "2"}],
    }


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b"]><l>&j;</l>"
)


@pytest.mark.parametrize(
    "raw",
    [
        LAUGHS,
        b'<!DOCTYPE q [<!ENTITY a "' + b"a" * 50000 + b'">]><q>' + b"&a;" * 50000 + b"</q>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        b"<!DOCTYPE x><x/>",
    ],
)
def test_a_document_type_is_refused_before_anything_is_expanded_or_fetched(raw):
    assert "document type" in refused(raw).why


def test_only_the_five_entities_are_known():
    assert read(b"<a>&lt;0.1 &amp;&gt;&quot;&apos;&#x2300;</a>").root.text == "<0.1 &>\"'⌀"
    assert "undefined entity" in refused(b"<a>&eacute;</a>").why


def test_what_is_too_deep_too_many_or_too_long_is_refused():
    assert "deep" in refused(b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1)).why
    assert read(b"<a>" * DEEPEST + b"</a>" * DEEPEST).root.name == "a"
    assert str(MOST) in refused(b"<a>" + b"<b/>" * MOST + b"</a>").why
    assert str(LARGEST) in refused(b"<a>" + b" " * LARGEST + b"</a>").why
    assert "million" in refused(b'<a b="' + b"x" * 2_000_000 + b'"/>').why
    assert "million" in refused(b"<a " + b"".join(b'b%d="" ' % at for at in range(200_000)) + b"/>").why


def test_a_refusal_says_the_byte_and_never_what_stood_there():
    raw = b"<a><Name>Ada Lovelace</Nome></a>"
    refusal = refused(raw)
    assert refusal.why == "The XML is not well-formed: mismatched tag."
    assert raw[refusal.offset :].startswith(b"Nome")


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_the_offset_counts_bytes_of_what_came_in_its_own_encoding(mark):
    raw = mark + "\r\n<a><b>検</b><c></d></a>".encode("utf-16-le")
    assert raw[refused(raw).offset :] == "d></a>".encode("utf-16-le")


@pytest.mark.parametrize("cut", [3, 10, 20, 30])
def test_a_document_that_broke_off_says_so(cut):
    raw = b"<a><b>1.25</b><c>x</c><d></d></a>"[:cut]
    assert "broke off" in refused(raw).why


@pytest.mark.parametrize(
    "raw", [b"", b"   ", b"not XML", b"\xff\xfe", b"\xff\xfe\x00\xd8<\x00", b"\x00", b"<", b"<?xml"]
)
def test_what_is_no_document_is_refused(raw):
    assert refused(raw).why


def test_blanks_and_zero_bytes_around_a_document_are_nothing():
    assert read(b"\r\n <?xml version='1.0'?><a>1</a>\r\n\x00\x1a").root.text == "1"


@pytest.mark.parametrize(
    "raw",
    [
        rb"<a><b>7<\b><\a>",
        b'<a><b unit="D">7</b unit="D"></a>',
        b'<?xml version="1.0"?>\n<?xml-stylesheet href="x" ?\n<a><b>7</b></a>',
    ],
)
def test_three_known_breaks_are_mended_and_told(raw):
    document = read(raw)
    assert document.root.said("b") == "7"
    assert [note.code for note in document.notes] == ["document_mended"]


@pytest.mark.parametrize(
    "raw",
    [
        rb"<a><b>7<\c><\a>",  # names must still match
        rb"<a><!-- <\b> --><b>7<\b></a>",  # a comment could make a tag mean something else
        b"<a><b>7</b><a>",
        b"<a><b>7<b></a>",
        b"<a b=7></a>",
        b"<a><b>1 < 2</b></a>",
    ],
)
def test_nothing_else_is_mended(raw):
    assert refused(raw).offset <= len(raw)


NESTED = b'<?xml version="1.0"?><a><b x="1">-2.75</b><c><d>10</d></c><e/></a>'


@settings(deadline=None)
@given(st.integers(0, len(NESTED) - 1), st.binary(max_size=4), st.integers(0, 6))
def test_no_damage_does_more_than_refuse(at, put, taken):
    raw = NESTED[:at] + put + NESTED[at + taken :]
    try:
        read(raw)
    except Unread as refusal:
        assert 0 <= refusal.offset <= len(raw)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw):
    try:
        read(raw)
    except Unread as refusal:
        assert 0 <= refusal.offset <= len(raw)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2.75", "-2.75"),
        (" +3.75", "3.75"),
        ("-0.00", "-0.00"),
        ("1,25", "1.25"),
        ("12.00 mm", "12.00"),
        ("550um", "550"),
        ("0.01D", "0.01"),
        ("1°", "1"),
        ("007", "7"),
    ],
)
def test_figures_keep_their_step_and_lose_sign_blanks_and_unit(text, value):
    assert str(figure(text, "mm", "um", "D", "°")) == value


def test_another_unit_is_another_number():
    assert figure("0.596mm", "um") is None
    assert figure("596", "um") == 596


@pytest.mark.parametrize("text", ["", "--.-", "1.", ".5", "1e5", "NaN", "1.2.3", "12 34", "9" * 20, "+-1", "١"])
def test_what_is_no_figure_is_none(text):
    assert figure(text) is None


def test_whole_numbers():
    assert [whole_number(text) for text in ("  9", "180", "40", "9.0", "9.5", "-1", "x")] == [
        9,
        180,
        40,
        9,
        None,
        None,
        None,
    ]
    assert figure("5") == Decimal(5)
