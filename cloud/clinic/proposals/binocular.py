"""Where the tests of both eyes and of accommodation go; a test that has no place stays in Readings."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from cloud.clinic.choices import Side
from cloud.clinic.proposals.said import Said, figures, plain
from protocols.readings import BinocularTest, BinocularVision, Reading

_SIDES = {"right": Side.RIGHT, "left": Side.LEFT}
_WAYS = {"in": "bi", "out": "bo"}
_PARTS = ("blur", "break", "recovery")
_AC_A = {"gradient": "gradient", "heterophoria": "heterophoria"}
_STRAYING = {"in": -1, "out": 1, "EXO": -1, "ESO": 1}  # base in neutralises exo


def _side(test: BinocularTest) -> Side:
    return _SIDES.get(test.eye or "", Side.BOTH)


def _relative(test: BinocularTest) -> Iterator[Said]:
    """NRA and PRA to the first blur."""
    return figures("accommodation", Side.BOTH, {test.name: test.values.get("blur", test.values.get("value"))})


def _amplitude(test: BinocularTest) -> Iterator[Said]:
    return figures("accommodation", _side(test), {"amplitude_push_up": test.values.get("power")})


def _cross_cylinder(test: BinocularTest) -> Iterator[Said]:
    return figures("accommodation", Side.BOTH, {"fcc": test.values.get("value")})


def _convergence(test: BinocularTest) -> Iterator[Said]:
    return plain("npc", {"break": test.values.get("break", test.values.get("cm")), "recovery": _recovery(test)})


def _recovery(test: BinocularTest) -> Decimal | None:
    return test.values.get("recovery")


def _vergence(test: BinocularTest) -> Iterator[Said]:
    way, where = _WAYS.get(test.direction or ""), _distance(test)
    if way is None or where is None:
        return iter(())
    return plain("vergence", {f"{way}_{where}_{part}": test.values.get(part) for part in _PARTS})


def _vertical_vergence(test: BinocularTest) -> Iterator[Said]:
    """Of the right eye, at distance; the left eye's is its mirror and has no place of its own."""
    if test.eye != "right" or test.distance != "far":
        return iter(())
    name = "supra" if test.name == "supravergence" else "infra"
    return plain("vergence", {f"{name}_break": test.values.get("break"), f"{name}_recovery": _recovery(test)})


def _phoria(test: BinocularTest) -> Iterator[Said]:
    """Eso is plus. Prism told for each eye is not added up here: nobody has said whether it was shared."""
    where, value = _distance(test), test.values.get("value")
    straying = _STRAYING.get(test.direction or "") or _STRAYING.get((test.words or "").upper())
    if where is None or value is None or straying is None or test.eye is not None:
        return iter(())
    return plain("phoria", {f"{where}_horizontal": abs(value) * straying})


def _ratio(test: BinocularTest) -> Iterator[Said]:
    field = _AC_A.get(test.words or "")
    return plain("aca", {field: test.values.get("value")} if field else {})


def _stereo(test: BinocularTest) -> Iterator[Said]:
    """Minutes and seconds of arc; not seen is nil, which is not the same as not tested."""
    if test.words == "not seen":
        return plain("stereo", {"nil": "yes", "distance": _distance(test)})
    seconds = [test.values[name] * size for name, size in (("minutes", 60), ("seconds", 1)) if name in test.values]
    seen = sum(seconds, Decimal(0)) if seconds else test.values.get("value")
    return iter(()) if seen is None else plain("stereo", {"arcsec": seen, "distance": _distance(test)})


def _distance(test: BinocularTest) -> str | None:
    return {"far": "distance", "near": "near"}.get(test.distance or "")


def _dominant(test: BinocularTest) -> Iterator[Said]:
    return plain("pd", {"dominant_eye": {"right": "R", "left": "L"}.get(test.eye or "")})


_TESTS: dict[str, Callable[[BinocularTest], Iterator[Said]]] = {
    "nra": _relative,
    "pra": _relative,
    "npa": _amplitude,
    "npc": _convergence,
    "vergence": _vergence,
    "supravergence": _vertical_vergence,
    "infravergence": _vertical_vergence,
    "phoria": _phoria,
    "ac_a": _ratio,
    "stereo": _stereo,
    "dominant": _dominant,
    "crossed_cylinder_14b": _cross_cylinder,
    "cross_cylinder": _cross_cylinder,
}


def binocular(reading: BinocularVision) -> Iterator[Said]:
    """Every test that has a place; the first one holds where an instrument tested twice."""
    seen: set[tuple[str, str, Side]] = set()
    for test in reading.tests:
        for said in _TESTS[test.name](test) if test.name in _TESTS else ():
            if said[:3] not in seen:
                seen.add(said[:3])
                yield said


Map = Callable[[Any], Iterator[Said]]
MAPS: dict[type[Reading], Map] = {BinocularVision: binocular}
