import pytest

from cloud.web.drawing import blank, findings, read, text


def one(canvas, eye, **doodle):
    return findings(read({"version": 1, "canvas": canvas, "eye": eye, "doodles": [doodle]}))[0]


def test_a_flame_haemorrhage_at_four_o_clock_is_a_finding():
    found = one("fundus", "R", code="flame_haemorrhage", x=0.41, y=-0.24, size=0.08, count=2)

    assert (found.code, found.eye, found.clock_hour, found.zone) == ("flame_haemorrhage", "R", 4, "posterior_pole")
    assert (found.quadrant, found.size, found.unit, found.count) == ("inferonasal", 1.0, "DD", 2)
    assert found.words_en == "Flame haemorrhage, 4 o'clock, posterior pole, inferonasal, 1 DD, 2 of them"
    assert found.words_zh == "火焰状出血，4点钟位，后极部，鼻下，1 DD，2处"


def test_the_cup_is_told_as_a_ratio_and_has_no_place():
    found = one("disc", "L", code="cup", x=0.1, y=0, size=0.42)

    assert (found.size, found.unit, found.clock_hour, found.zone, found.quadrant) == (0.7, "C/D", None, None, None)
    assert found.words_en == "Cup, C/D 0.7"


def test_a_size_is_told_in_millimetres_on_the_cornea_and_not_at_all_in_the_angle():
    assert one("cornea", "R", code="ulcer", x=-0.35, y=0.3, size=0.14).size == 1.8
    assert one("angle", "R", code="stent", x=0.1, y=0.7, size=0.14).size is None


def test_a_grade_names_its_scale_when_it_has_one():
    wide = one("angle", "L", code="angle_width", x=0, y=0.7, size=0.1, grade=0)
    stained = one("cornea", "L", code="staining", x=0.3, y=-0.5, size=0.2, grade=2)

    assert wide.words_en == "Angle width, 12 o'clock, trabecular meshwork, Shaffer 0"
    assert stained.words_zh == "点状着染，5点钟位，周边部，颞下，2.6 mm，2级"


def test_a_drawing_is_one_line():
    value = {
        "version": 1,
        "canvas": "lids",
        "eye": "L",
        "doodles": [{"code": "chalazion", "x": 0.6, "y": 0.5, "size": 0.1}],
        "strokes": [[[0, 0], [0.1, 0.1]]],
        "note": "hard,\nnot tender",
    }
    assert text(read(value), "en") == "Chalazion, upper lid, temporal third, 3 mm; free drawing; hard, not tender"
    assert text(read(value), "zh") == "霰粒肿，上睑，颞侧1/3，3 mm；手绘线条；hard, not tender"


@pytest.mark.parametrize(("language", "said"), [("en", "nothing drawn"), ("zh", "未绘制")])
def test_a_blank_sheet_says_so(language, said):
    assert text(blank("fundus", "R"), language) == said
