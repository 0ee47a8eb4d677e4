"""A table is what its map says, cell by cell; everything else refuses the file in words."""

import hashlib
from decimal import Decimal

import msgspec
import pytest

from firmware_sim.mapped_table import ROWS, SHOWN, example, row, table
from protocols import mapped_table
from protocols.framing import Garbled, Transmission
from protocols.mapped_table import KINDS, WORDS, BadMap, Decoder, map_of
from protocols.readings import OrderRef, PatientRef, from_json, kind, to_json


def drawn(**changed):
    return map_of(ROWS | changed)


def read(data, by=None, name=""):
    (event,) = mapped_table.decode(data, by or drawn(), name)
    assert isinstance(event, Transmission), event
    return event.readings


def refused(data, by=None, name=""):
    (event,) = mapped_table.decode(data, by or drawn(), name)
    assert isinstance(event, Garbled)
    return event.why


def test_a_row_is_one_eye():
    length, cornea = read(table(row()))

    assert (kind(length), kind(cornea)) == ("biometry", "biomechanics")
    assert length.right.axial_length_mm == Decimal(SHOWN["axial_length_mm"])
    assert length.left is None
    assert str(length.right.cct_um) == SHOWN["cct_um"]  # written in millimetres
    assert (str(cornea.right.iop_mmhg), str(cornea.right.ch_mmhg)) == (SHOWN["iop_mmhg"], SHOWN["ch_mmhg"])


def test_who_and_when_stand_beside_it_and_the_reading_says_whose_word_it_is():
    reading = read(table(row()))[0]

    assert reading.patient_ref == PatientRef(id="P-17", name="Müller, Anna", birth_date="1980-04-23")
    assert reading.measured_at == "2026-11-20T14:07:33"
    assert (reading.instrument.maker, reading.instrument.model) == ("Acme", "Lengths 3")
    assert reading.extra == {"Operator": "Mia"}
    assert [note.code for note in reading.notes] == ["by_a_map"]
    assert from_json(to_json(reading)) == reading


def test_a_table_is_hashed_once_however_many_rows_it_has(monkeypatch):
    hashed = []
    monkeypatch.setattr("protocols.framing.margin.hashlib.sha256", lambda raw: hashed.append(raw) or hashlib.new("md5"))
    data = table(*(row().replace("14:07:33", f"14:07:{second}") for second in range(10, 30)))

    assert len(read(data)) == 40
    assert hashed == [data]


def test_rows_that_the_filter_leaves_out_are_not_even_looked_at():
    readings = read(example())

    assert [(kind(one), one.right is None) for one in readings] == [
        *(("biometry", False), ("biomechanics", False)),
        *(("biometry", True), ("biomechanics", True)),
    ]


def test_a_row_that_comes_again_is_told_once():
    assert len(read(table(row(), row()))) == 2


def test_what_was_not_measured_is_left_out():
    (cornea,) = read(table(row(al="---", cct="")))
    assert kind(cornea) == "biomechanics"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row(al="23.45")], "Line 3, column 'AL [mm]': the cell is no number with a decimal comma."),
        ([row(al="1.234,5")], "Line 3, column 'AL [mm]': the cell is no number with a decimal comma."),
        ([row(), row("OU")], "Line 4, column 'Eye': the cell is no word for an eye that the map knows."),
        (
            [row(cct="545")],
            "Line 3, column 'CCT': the cell lies outside of what biometry.cct_um can be; is its unit mm?",
        ),
        (
            [row().replace("2026-11-20", "20.11.2026")],
            "Line 3, column 'Day': the cell is no day written as YYYY-MM-DD.",
        ),
        (
            [row().replace("2026-11-20", "2026-02-30")],
            "Line 3, column 'Day': the cell is no day written as YYYY-MM-DD.",
        ),
        ([row() + ";1"], "Line 3 has 15 cells, but there are 14 columns."),
        (["1;2"], "Line 3 has 2 cells, but there are 14 columns."),
        (['"1;2'], "Line"),
        ([], "No row holds a value."),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_column(rows, why):
    assert refused(table(*rows)).startswith(why)


def test_one_wrong_cell_refuses_the_whole_file():
    assert "Line 4" in refused(table(row(), row("OS", al="x")))


def test_more_than_a_few_mistakes_are_counted():
    assert refused(table(*(row(al="x", number=at) for at in range(8)))).endswith(" 3 more.")


def test_a_column_that_is_not_on_the_map_stops_the_file():
    head = "#;ID;Last;First;Born;Day;Time;Eye;State;Operator;AL [mm];CCT;IOPg;{}"
    why = refused(table(row(), head=head.format("CRF")))

    assert "Line 2: the map knows no column 'CRF'; map it, or list it under keep or ignore." in why
    assert "Line 2: there is no column 'CH', which the map names." in why


def test_no_refusal_quotes_a_cell():
    said = [
        refused(table(row(al="Secret"))),
        refused(table(row("Secret"))),
        refused(table(row() + ";Secret")),
        refused(table(row().replace("2026-11-20", "Secret"))),
    ]
    assert not [why for why in said if "Secret" in why]


def test_bytes_of_another_encoding_are_told():
    assert refused(table(row()), drawn(encoding="utf-8")) == (
        "The file is not written in utf-8: byte 94 does not belong there."
    )


EYES = {"right": ["OD"], "left": ["OS"]}
BARE = {"column": [{"name": "AL", "key": "biometry.axial_length_mm", "unit": "mm"}], "header": 1}


@pytest.mark.parametrize(("name", "side"), [("AL_OD_001.csv", "right"), ("P17-os.txt", "left")])
def test_the_eye_may_stand_in_the_files_name(name, side):
    by = map_of(BARE | {"eye": EYES | {"file": True}})
    (reading,) = read(b"AL\n23.45\n", by, name)
    assert getattr(reading, side).axial_length_mm == Decimal("23.45")


@pytest.mark.parametrize("name", ["", "AL.csv", "OD_OS.csv", "LOD.csv"])
def test_a_name_that_tells_no_eye_or_both_is_refused(name):
    by = map_of(BARE | {"eye": EYES | {"file": True}})
    assert refused(b"AL\n23.45\n", by, name) == "The file's name does not say one eye by the words of the map."


def test_the_eye_may_stand_in_a_line_above_the_names():
    by = map_of(BARE | {"header": 3, "eye": EYES | {"line": 2}})
    (reading,) = read(b"Acme\nEye: OS\nAL\n23.45\n", by)
    assert reading.left.axial_length_mm == Decimal("23.45")


def test_a_column_may_be_of_one_eye():
    columns = [
        {"name": "AL", "key": "biometry.axial_length_mm", "unit": "mm", "eye": "right"},
        {"name": "AL (2)", "key": "biometry.axial_length_mm", "unit": "mm", "eye": "left"},
        {"name": "ACD", "key": "biometry.acd_endothelium_mm", "unit": "mm", "eye": "left"},
        {"name": "Acc", "key": "order.accession"},
    ]
    (reading,) = read(b"AL,AL,ACD,Acc\n23.45,23.40,3.1,A-7\n", map_of({"delimiter": ",", "column": columns}))

    assert (reading.right.axial_length_mm, reading.left.axial_length_mm) == (Decimal("23.45"), Decimal("23.40"))
    assert (reading.left.acd_mm, reading.left.acd_from) == (Decimal("3.1"), "endothelium")
    assert reading.order == OrderRef(accession="A-7")


def test_columns_without_names_are_called_by_their_number():
    columns = [{"name": "2", "key": "tonometry.iop_mmhg", "unit": "mmHg", "eye": "left"}]
    (reading,) = read(b"x\t15\r\n", map_of({"delimiter": "\t", "header": 0, "ignore": ["1"], "column": columns}))
    assert reading.left.iop_mmhg == 15


def test_names_may_stand_before_their_values_and_the_table_may_end():
    columns = [
        {"name": "Kmax (D)", "key": "topography.kmax_d", "unit": "D"},
        {"name": "K1 axis", "key": "topography.k1.axis", "unit": "deg"},
        {"name": "BAD", "key": "topography.indices.BAD-D"},
    ]
    by = map_of(
        {"layout": "pairs", "delimiter": ",", "until": "[MATRIX]", "ignore": ["[EXAM]"], "column": columns}
        | {"eye": EYES | {"file": True}}
    )
    (reading,) = read(b"[EXAM]\nKmax (D),47.2\nK1 axis,175\nBAD,1.2\n\n[MATRIX]\n1,2,3\n", by, "OD.csv")

    assert (reading.right.kmax_d, reading.right.k1.axis) == (Decimal("47.2"), 175)
    assert reading.right.indices == {"BAD-D": Decimal("1.2")}


def test_utf_16_is_read_as_any_encoding():
    by = map_of(BARE | {"encoding": "utf-16", "eye": EYES | {"file": True}})
    assert len(read("AL\r\n23.45\r\n".encode("utf-16"), by, "OD.csv")) == 1


def column(**changed):
    one = {"name": "AL", "key": "biometry.axial_length_mm", "unit": "mm", "eye": "right"} | changed
    return {key: value for key, value in one.items() if value is not None}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"column": [column(unit=None)]}, "column 'AL': has no unit; write one of mm, um, cm"),
        ({"column": [column(unit="inch")]}, "unit 'inch' is none of mm, um, cm"),
        ({"column": [column(name="AL [um]")]}, "its own name says um, the map says mm"),
        ({"column": [column(key="biometry.length")]}, "is no word of the vocabulary"),
        ({"column": [column(key="biometry.snr")]}, "biometry.snr has no unit"),
        ({"column": [column(eye=None)]}, "nothing says of which eye"),
        ({"column": [column(), column()]}, "is on the map 2 times"),
        ({"column": [column(), column(name="B")]}, "is filled by 2 columns"),
        ({"column": [column(), column(name="D", key="exam.day", unit=None, eye=None)]}, "is a day; write how"),
        ({"column": [column(name="D", key="patient.id", unit=None, eye=None)]}, "no column holds anything measured"),
        ({"column": [column()], "encoding": "klingon"}, "none that Python knows"),
        ({"column": [column()], "delimiter": ",", "decimal": ","}, "another character than decimal"),
        ({"column": [column()], "day": "DD.MM.YY"}, "day = 'DD.MM.YY'"),
        ({"column": [column()], "eye": {"column": "E", "right": ["R"], "left": ["R"]}}, "gives one word to both eyes"),
        (
            {"column": [column()], "eye": {"column": "E", "file": True, "right": ["R"], "left": ["L"]}},
            "names one place",
        ),
        ({"column": []}, "column"),
        ({"column": [column()], "colour": "red"}, "colour"),
        ("[[column", "it is not TOML"),
    ],
)
def test_a_map_that_cannot_be_followed_says_why(said, why):
    with pytest.raises(BadMap) as refusal:
        map_of(said)
    assert why in str(refusal.value)


@pytest.mark.parametrize("key", [key for key in WORDS if key.partition(".")[0] in KINDS])
def test_every_key_has_its_place_in_the_vocabulary(key):
    word, of = WORDS[key], key.replace("*", "Own name")
    cell = "24-2" if word.text else str(int((word.least + word.most) / 2)) if word.most - word.least > 2 else None
    cell = cell or str((word.least + word.most) / 2)
    columns = [{"name": "X", "key": of} | ({"unit": word.unit} if word.unit else {})]
    columns[0] |= {"eye": "right"} if word.of == "eye" else {}
    if word.of == "reading":
        other = {"visual_field": "visual_field.md_db", "oct": "oct.signal_strength"}[key.partition(".")[0]]
        columns.append({"name": "Y", "key": other, "eye": "right"} | ({"unit": "dB"} if "db" in other else {}))
    (reading,) = read(
        f"X{';Y' * (len(columns) - 1)}\n{cell}{';1' * (len(columns) - 1)}\n".encode(), map_of({"column": columns})
    )

    assert kind(reading) == key.partition(".")[0]
    assert from_json(to_json(reading)) == reading
    assert cell in to_json(reading).decode()


def test_without_a_map_nothing_is_read_and_nothing_recognised():
    assert [type(event) for event in mapped_table.decode(example())] == [Garbled]
    assert mapped_table.recognise(example()).score == 0
    assert Decoder(drawn()).feed(example()[:50]) == []


def test_without_a_map_everything_is_taken_out():
    assert mapped_table.blank(b"Doe;4.5\r\n") == b"XXXX0X0\r\n"


def test_a_maps_own_type_is_what_both_houses_check():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"column": [{"name": "a"}]}, type(drawn()))
