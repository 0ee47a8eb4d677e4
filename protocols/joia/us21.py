"""The 21 points of the optometric examination, as far as their elements have been seen.

    No.13B   phoria at near through the subjective          prism dioptres with BI or BO
    No.14B   crossed cylinder at near, both eyes open       dioptres
    No.18A   vertical phoria at near                        prism dioptres with BU or BD

The numbers are those of the Optometric Extension Program. Others are kept as they came.
"""

from protocols.readings import BinocularTest
from protocols.xml import Element, Margin

_BASES = {"BI": "in", "BO": "out", "BU": "up", "BD": "down"}
_TESTS = {"No.13B": ("phoria", "pd"), "No.14B": ("cross_cylinder", "D"), "No.18A": ("phoria", "pd")}
_SIDES = {"R": "right", "L": "left"}


def tests(block: Element | None, margin: Margin) -> tuple[BinocularTest, ...]:
    """One test for each number and eye; ``words`` is the instrument's own number of the test."""
    margin.keep_rest("US21test", block, _TESTS)
    if block is None:
        return ()
    found = (_test(one, letter, margin) for one in block.children for letter in _SIDES if one.name in _TESTS)
    return tuple(test for test in found if test is not None)


def _test(one: Element, letter: str, margin: Margin) -> BinocularTest | None:
    name, unit = _TESTS[one.name]
    tag = f"US21test/{one.name}/{letter}"
    value = margin.figure(one.get(letter), tag)
    base = one.said(f"{letter}Base")
    if base and base not in _BASES:
        margin.unreadable(f"{tag}Base", base)
    if value is None:
        return None
    return BinocularTest(
        name=name,
        distance="near",
        direction=_BASES.get(base),  # type: ignore[arg-type]  # one of the four words
        eye=_SIDES[letter],  # type: ignore[arg-type]  # right or left
        values={"value": value},
        unit=unit,
        words=one.name,
    )
