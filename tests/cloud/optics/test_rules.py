"""What rules say beside the number: cautions, editions, refusals; and worked numbers that a list cannot hold."""

import ast
import math
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import cloud.optics
from cloud.optics import (
    acuity_rules,
    amblyopia,
    binocular,
    contact_lens,
    entry,
    iol,
    keratometry,
    norms,
    ortho_k,
    pressure,
    registry,
    tolerances,
    vectors,
    vertex,
)
from cloud.optics.acuity import read as acuity
from cloud.optics.exact import rounded
from cloud.optics.reference import NoSuchEdition, tables
from cloud.optics.refraction import BadRefraction, Refraction, read
from cloud.optics.terms import OutOfLimits

D = Decimal
ROOT = Path(cloud.optics.__file__).parent


def codes(derived) -> list[str]:
    return [caution.code for caution in derived.warnings]


def test_optics_stands_on_the_standard_library_alone():
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            strange = [n for n in names if n.split(".")[0] not in sys.stdlib_module_names and n[:12] != "cloud.optics"]
            assert strange == [], path


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_a_table_says_whom_it_was_measured_on_and_where_it_was_printed(table):
    for edition in table.editions:
        assert edition.population.en and edition.population.zh and edition.source and edition.version
    assert len({edition.id for edition in table.editions}) == len(table.editions)
    with pytest.raises(NoSuchEdition):
        table.edition("nobody's")


def test_every_table_of_a_rule_exists():
    known = {table.id for table in tables()}
    assert {rule.entry.table for rule in registry.calculators().values()} - {""} <= known


def test_a_strong_lens_is_vertexed_and_a_weak_one_only_shown():
    assert codes(vertex.at_cornea(D("-4.00"))) == []
    assert codes(vertex.at_cornea(D("-3.99"))) == ["small"]
    assert vertex.refraction_at(read("-3.00/-1.00x90")).value.apply is True


def test_a_near_tie_takes_the_lower_cylinder_and_says_so():
    found = contact_lens.starting_power(read("-2.00/-1.50x180"), D(0), (D("-1.25"), D("-1.75")))
    assert found.value.lens == read("-2.00/-1.25x180")
    assert codes(found) == ["tie", "trial"]


def test_the_three_candidates_of_the_worked_example():
    rx = read("-5.00/-2.50x180")
    found = contact_lens.starting_power(rx).value
    left = {(one.lens.sphere, one.lens.cylinder): rounded(one.residual, 3) for one in found.candidates}
    assert left[D("-4.75"), D("-2.25")] == D("0.088")
    assert left[D("-5.00"), D("-1.75")] == D("0.220")
    assert left[D("-4.75"), D("-1.75")] == D("0.270")


def test_srk_t_agrees_with_floats_written_another_way():
    al, k, a = 23.5, 43.75, 118.4
    r = 337.5 / k
    width = -5.41 + 0.58412 * al + 0.098 * k
    elp = r - math.sqrt(r * r - width * width / 4) + 0.62467 * a - 68.747 - 3.336
    optical = al + 0.65696 - 0.02029 * al
    power = 1000 * 1.336 * (1.336 * r - 0.333 * optical) / (optical - elp) / (1.336 * r - 0.333 * elp)
    found = iol.srk_t(D("23.5"), D("43.75"), D("118.4"))
    assert float(found.value.power) == pytest.approx(power, abs=1e-12)
    assert codes(found) == ["second_check"]


def test_iol_starts_switched_off():
    off = [rule_id for rule_id, rule in registry.calculators().items() if not rule.entry.starts_on]
    assert off == ["b.12.srk_t", "b.12.haigis"]


def test_contested_readings_are_editions_and_not_code():
    right, left = read("-1.00"), read("-2.50")
    assert amblyopia.anisometropia(right, left).value.all_hold is False
    assert amblyopia.anisometropia(right, left, edition="consensus").value.all_hold is True
    kinds = [
        keratometry.corneal_astigmatism(D(43), D(25), D(44), edition=name).value.kind
        for name in ("within_30", "within_20", "within_15")
    ]
    assert kinds == ["with_rule", "oblique", "oblique"]


def test_two_conventions_below_the_chart():
    bach = acuity_rules.imputed(acuity("CF 2 ft"))
    holladay = acuity_rules.imputed(acuity("CF 2 ft"), edition="holladay")
    assert (bach.value.logmar, holladay.value.logmar) == (D("1.9"), D("2.0"))
    assert rounded(acuity_rules.imputed(acuity("HM 2 ft"), edition="holladay").value.logmar, 2) == D("3.00")
    assert codes(bach) == ["analysis_only"]
    with pytest.raises(OutOfLimits):
        acuity_rules.imputed(acuity("LP"), edition="holladay")


@pytest.mark.parametrize(
    ("edition", "stage", "upper"),
    [
        ("egs_older", "early", "20.8"),
        ("egs_older", "severe", "18"),
        ("egs_older", "moderate", None),
        ("sihota_2018", "mild", None),
        ("sihota_2018", "moderate", "15"),
        ("ohts", "hypertension", "20.8"),
        ("cntgs", "severe", "18.2"),
    ],
)
def test_targets_by_the_chosen_text(edition, stage, upper):
    if stage == "mild":
        with pytest.raises(OutOfLimits):
            pressure.target(D(26), stage, edition=edition)
        return
    found = pressure.target(D(26), stage, edition=edition)
    assert found.value.upper == (None if upper is None else D(upper))
    assert ("not_given" in codes(found)) == (upper is None)


def test_jessen_with_the_other_factor():
    found = ortho_k.jessen(D("43.00"), D("3.00"), edition="factor_050").value
    assert (found.bozr_d, rounded(found.bozr_mm, 2)) == (D("39.50"), D("8.54"))


@pytest.mark.parametrize(
    ("ordered", "measured", "holds"),
    [
        ("-6.50", "-6.63", True),
        ("-6.50", "-6.64", False),
        ("-10.00", "-10.20", True),
        ("-10.00", "-10.21", False),
        ("-2.00/-0.25x179", "-2.00/-0.25x13", True),
        ("-2.00/-0.25x179", "-2.00/-0.25x14", False),
        ("-2.00/-2.00x1", "-2.00/-2.00x179", True),
        ("-2.00/-2.00x1", "-2.00/-2.00x178", False),
        ("+1.00/-1.00x90", "0.00/+1.00x180", True),
    ],
)
def test_a_lens_at_the_edge_of_its_tolerance(ordered, measured, holds):
    assert tolerances.lens(read(ordered), read(measured)).value.all_hold is holds


def test_a_progressive_is_allowed_more():
    ordered, measured = read("-3.00"), read("-3.15")
    found = [tolerances.lens(ordered, measured, design).value.all_hold for design in ("single", "progressive")]
    assert found == [False, True]


def test_averaging_axes_goes_wrong_by_a_right_angle_and_averaging_vectors_does_not():
    found = vectors.mean([read("-2.00/-0.50x175"), read("-2.00/-0.50x5")]).value
    assert (rounded(found.rx.sphere, 3), rounded(found.rx.cylinder, 3), found.rx.axis) == (
        D("-2.004"),
        D("-0.492"),
        180,
    )


def test_cylinders_that_cancel_leave_a_sphere():
    found = vectors.mean([read("-1.00/-1.00x90"), read("-1.00/-1.00x180")]).value
    assert found.rx == Refraction(D("-1.50"))


def test_eso_and_exo_get_prism_and_sphere_the_right_way_round():
    exo, eso = binocular.sheard(D(-10), D(12), D(4)).value, binocular.sheard(D(10), D(12), D(4)).value
    assert (exo.base, eso.base) == ("in", "out")
    assert exo.sphere_d is not None and eso.sphere_d is not None
    assert (exo.sphere_d < 0, eso.sphere_d > 0) == (True, True)


def test_a_norm_of_another_table():
    first = norms.against_norm("npc_break", D(6)).value
    second = norms.against_norm("npc_break", D(6), edition="quoted_13_18").value
    assert first is None
    assert second is not None and (second.position, second.norm_to) == ("above", D(5))


@pytest.mark.parametrize(
    ("rule_id", "typed", "wrong"),
    [
        ("b.1.transposition", {}, {"rx"}),
        ("b.1.transposition", {"rx": "minus two"}, {"rx"}),
        ("b.1.transposition", {"rx": "-2.00/-1.00"}, {"rx"}),
        ("b.1.transposition", {"rx": "-2.00/-1.00x181"}, {"rx"}),
        ("b.1.transposition", {"rx": "-99"}, {"rx"}),
        ("b.4.at_cornea", {"power": "-4", "vertex_mm": "400"}, {"vertex_mm"}),
        ("b.4.moved", {"power": "+40", "from_mm": "25", "to_mm": "0"}, {"power"}),
        ("b.6.prentice", {"power": "1e9", "decentration_mm": "NaN", "displaced": "sideways"},
         {"power", "decentration_mm", "displaced"}),
        ("b.8.add", {"distance_m": "0", "amplitude": "3"}, {"distance_m"}),
        ("b.10.sag", {"radius_mm": "7.8", "eccentricity": "0", "chord_mm": "16"}, {"chord_mm"}),
        ("b.14.notations", {"acuity": "<script>"}, {"acuity"}),
        ("b.14.mean", {"acuities": "1.0; CF"}, {"acuities"}),
        ("b.16.titmus", {"circle": "2.5"}, {"circle"}),
        ("b.16.ac_a_gradient", {"phoria": "-2", "phoria_through": "2", "lens_d": "0"}, {"lens_d"}),
        ("b.16.amblyopia", {"age": "2", "acuity": "0.4"}, {"age"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(rule_id, typed, wrong):
    found = entry.answer(registry.calculator(rule_id), typed, None)
    assert found.derived is None
    assert set(found.errors) == wrong
    assert all(words.en and words.zh for words in found.errors.values())


@pytest.mark.parametrize(
    ("text", "lens"),
    [
        ("−2.00/−1.50×10", ("-2.00", "-1.50", 10)),
        ("-2 -1.5 x 010", ("-2", "-1.5", 10)),
        ("plano/-0.50x0", ("0", "-0.50", 180)),
        ("+1.25", ("1.25", "0", None)),
        ("-1.00 DS", ("-1.00", "0", None)),
        ("平光", ("0", "0", None)),
        ("-1.00/0.00x90", ("-1.00", "0", None)),
    ],
)
def test_ways_to_write_a_refraction(text, lens):
    found = read(text)
    assert (found.sphere, found.cylinder, found.axis) == (D(lens[0]), D(lens[1]), lens[2])


@pytest.mark.parametrize("text", ["", "-2/-1", "x", "-2.00/-1.00x999", "1" * 100, "-2.00/-1.00x-5"])
def test_what_is_no_refraction(text):
    with pytest.raises(BadRefraction):
        read(text)
