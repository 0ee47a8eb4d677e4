"""Names that readings, trends, checks and prescriptions rely on: changing one needs a new version, not a new name."""

import tomllib
from importlib.resources import files

import pytest

from cloud.clinic.catalogue import registry

# element, fields, kind, sides
CONTRACT = [
    ("visual_acuity", "distance_unaided distance_habitual distance_pinhole distance_best", "va", "RLB"),
    ("visual_acuity", "intermediate_habitual near_unaided near_habitual near_best", "va", "RLB"),
    ("visual_acuity", "chart optotype", "choice", "N"),
    ("visual_acuity", "test_distance_m near_distance_cm", "number", "N"),
    ("glasses", "sphere cylinder add", "power", "RL"),
    ("glasses", "axis", "axis", "RL"),
    ("glasses", "prism", "prism", "RL"),
    ("glasses", "va", "va", "RLB"),
    ("glasses", "use condition lens_type", "choice", "N"),
    ("glasses", "age_years pd_far", "number", "N"),
    ("autorefraction", "sphere cylinder", "power", "RL"),
    ("autorefraction", "axis", "axis", "RL"),
    ("autorefraction", "confidence pupil_mm", "number", "RL"),
    ("autorefraction", "cycloplegic", "yes_no", "N"),
    ("autorefraction", "agent", "choice", "N"),
    ("autorefraction", "minutes vertex pd_far", "number", "N"),
    ("retinoscopy", "m1_power m2_power", "power", "RL"),
    ("retinoscopy", "m1_axis", "axis", "RL"),
    ("retinoscopy", "working_distance_cm", "number", "N"),
    ("retinoscopy", "dilated", "yes_no", "N"),
    ("manifest", "sphere cylinder add", "power", "RL"),
    ("manifest", "axis", "axis", "RL"),
    ("manifest", "prism", "prism", "RL"),
    ("manifest", "va near_va", "va", "RLB"),
    ("manifest", "vertex", "number", "N"),
    ("cycloplegic", "sphere cylinder", "power", "RL"),
    ("cycloplegic", "axis", "axis", "RL"),
    ("trial_frame", "sphere cylinder add", "power", "RL"),
    ("trial_frame", "vertex", "number", "N"),
    ("final", "purpose", "choice", "N"),
    ("final", "sphere cylinder add intermediate_add", "power", "RL"),
    ("final", "axis", "axis", "RL"),
    ("final", "prism", "prism", "RL"),
    ("final", "va near_va", "va", "RLB"),
    ("final", "vertex", "number", "N"),
    ("final", "source", "text", "N"),
    ("dispensed", "sphere cylinder add", "power", "RL"),
    ("near", "add intermediate_add", "power", "RL"),
    ("near", "working_distance_cm range_near_cm range_far_cm", "number", "N"),
    ("pd", "far_right far_left far near_right near_left near", "number", "N"),
    ("pd", "method dominant_eye", "choice", "N"),
    ("pd", "vertical_phoria", "number", "N"),
    ("cover_test", "distance correction direction vertical_eye type gaze", "choice", "N"),
    ("cover_test", "horizontal vertical", "number", "N"),
    ("phoria", "distance_horizontal near_horizontal distance_vertical near_vertical", "number", "N"),
    ("vergence", "bo_distance_blur bo_distance_break bo_distance_recovery", "number", "N"),
    ("vergence", "bi_distance_blur bi_distance_break bi_distance_recovery", "number", "N"),
    ("vergence", "bo_near_blur bo_near_break bo_near_recovery", "number", "N"),
    ("vergence", "bi_near_blur bi_near_break bi_near_recovery", "number", "N"),
    ("facility", "vergence_cpm", "number", "N"),
    ("npc", "break recovery", "number", "N"),
    ("npc", "target", "choice", "N"),
    ("aca", "gradient", "number", "N"),
    ("aca", "method", "choice", "N"),
    ("worth", "distance near", "choice", "N"),
    ("stereo", "test", "choice", "N"),
    ("stereo", "arcsec", "number", "N"),
    ("stereo", "nil", "yes_no", "N"),
    ("accommodation", "amplitude_push_up facility", "number", "RLB"),
    ("accommodation", "amplitude_minus_lens", "number", "RL"),
    ("accommodation", "mem", "power", "RL"),
    ("accommodation", "fcc", "power", "RLB"),
    ("accommodation", "nra pra", "power", "B"),
    ("pupils", "size_light size_dark", "number", "RL"),
    ("pupils", "direct consensual rapd", "choice", "RL"),
    ("motility", "up_right up up_left right primary left down_right down down_left", "choice", "RL"),
    ("iop", "iop", "number", "RL"),
    ("iop", "method", "choice", "N"),
    ("iop", "time", "time", "N"),
    ("iop", "instrument drops", "text", "N"),
    ("pachymetry", "cct", "number", "RL"),
    ("drops", "drug eye", "choice", "N"),
    ("drops", "concentration", "number", "N"),
    ("drops", "lot operator", "text", "N"),
    ("drops", "expiry", "date", "N"),
    ("drops", "time", "time", "N"),
    ("drops", "warning_given", "yes_no", "N"),
    ("target_iop", "target", "number", "RL"),
    ("posterior", "dilated", "yes_no", "N"),
    ("posterior", "cup_disc", "number", "RL"),
    ("posterior", "dr_grade dme amd", "choice", "RL"),
    ("keratometry", "r1_radius r2_radius r1_power r2_power", "number", "RL"),
    ("keratometry", "r1_axis r2_axis", "axis", "RL"),
    ("keratometry", "index", "number", "N"),
    ("biometry", "axial_length acd lens_thickness cct white_to_white snr", "number", "RL"),
    ("biometry", "method", "choice", "N"),
    ("tear_film", "schirmer tbut nibut_average osmolarity", "number", "RL"),
    ("visual_field", "md_db psd_db vfi", "number", "RL"),
    ("oct", "rnfl_average", "number", "RL"),
    ("cl_fit", "centration fluorescein rotation_direction", "choice", "RL"),
    ("cl_fit", "movement push_up rotation comfort", "number", "RL"),
    ("cl_fit", "over_sphere over_cylinder", "power", "RL"),
    ("cl_fit", "over_axis", "axis", "RL"),
    ("cl_fit", "va", "va", "RLB"),
    ("diagnosis", "code", "code", "N"),
    ("diagnosis", "eye status", "choice", "N"),
    ("diagnosis", "onset", "date", "N"),
    ("advice", "blocks", "choices", "N"),
    ("orders", "what eye urgency", "choice", "N"),
    ("referral", "to", "text", "N"),
    ("referral", "urgency", "choice", "N"),
    ("recall", "interval", "number", "N"),
    ("recall", "unit reason none_reason", "choice", "N"),
    ("circumstances", "interpreter accompanied_by capacity safeguarding", "choice", "N"),
    ("medical_history", "none_known diabetes hypertension medications_none", "yes_no", "N"),
    ("medications", "drug", "text", "N"),
]
REPEATS = {
    **{"glasses": 5, "autorefraction": 4, "retinoscopy": 2, "manifest": 3, "cycloplegic": 2, "final": 3},
    **{"dispensed": 3, "cover_test": 6, "iop": 12, "drops": 6, "keratometry": 2, "diagnosis": 20, "recall": 1},
}
ROWS = {"glasses", "autorefraction", "retinoscopy", "manifest", "cycloplegic", "trial_frame", "final", "dispensed"}


@pytest.mark.parametrize(("element", "fields", "kind", "sides"), CONTRACT)
def test_the_fields_others_build_on_are_there(element: str, fields: str, kind: str, sides: str):
    found = {code: registry.field(element, code) for code in fields.split()}

    assert {code: spec.kind.value for code, spec in found.items()} == dict.fromkeys(found, kind)
    assert {code: spec.eyes for code, spec in found.items()} == dict.fromkeys(found, sides)


def test_as_many_are_kept_as_were_agreed():
    assert {code: registry.element(code).repeats for code in REPEATS} == REPEATS


def test_refractions_are_laid_out_with_an_eye_in_a_row():
    assert {registry.element(code).layout for code in ROWS} == {"eye_rows"}


def test_drawings_are_named_for_their_canvas():
    drawn = [f"{canvas}_drawing" for canvas in ("anterior", "cornea", "angle", "lens", "fundus", "disc", "lids")]
    assert [registry.field(code, "drawing").canvas for code in drawn] == [code[:-8] for code in drawn]


def test_limits_of_the_rules_are_the_catalogues():
    """V-04, V-08, V-09, V-10 and V-16 of the validators; recall by clinical rule 1.22."""
    assert limits("manifest", "add") == (0.25, None, None, 4)
    assert limits("iop", "iop")[0::3] == (0, 80)
    assert limits("iop", "iop")[2] == 30
    assert limits("biometry", "axial_length") == (14, 20, 32, 40)
    assert limits("pachymetry", "cct") == (10, 400, 700, 800)
    assert limits("final", "vertex")[1:3] == (8, 20)
    assert limits("recall", "interval")[0::3] == (1, 120)


def limits(element: str, field: str) -> tuple[object, ...]:
    spec = registry.field(element, field)
    return spec.low, spec.ask_below, spec.ask_above, spec.high


def test_a_refraction_is_for_what_a_prescription_can_be_for():
    """The prescriptions room stands above this one, so only a test may compare the two lists."""
    uses = tomllib.loads(files("cloud.prescriptions").joinpath("tables/uses.toml").read_text("utf-8"))

    assert [one.code for one in registry.lists()["glasses_use"]] == list(uses["use"])
    assert {one.code for one in registry.lists()["lens_type"]} - {"unknown"} <= set(uses["design"])
    assert {one.code for one in registry.lists()["wear_schedule"]} == set(uses["wear"])
    assert {one.code for one in registry.lists()["replacement"]} == set(uses["replacement"])
