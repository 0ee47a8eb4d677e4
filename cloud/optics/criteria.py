"""b.16: criteria of binocular and accommodative disorders, counted; never a diagnosis."""

from collections.abc import Iterable
from decimal import Decimal

from cloud.optics.checks import Check, Verdict, at_least, at_most, plain, verdict
from cloud.optics.near import expected
from cloud.optics.rule import Data, Found, Note, data, note, rule

TABLE = "binocular_criteria"


def _counted(lines: Iterable[Check]) -> Found[Verdict]:
    found = verdict(lines)
    said: list[Note] = [note("counted", met=str(found.met), known=str(found.looked_at))]
    return Found(found, said)


def _either(item: str, *ways: Check) -> Check:
    """One criterion that can be met in several ways."""
    known = [way for way in ways if way.holds is not None]
    limit = " / ".join(f"{way.limit}" for way in ways)
    best = next((way for way in known if way.holds), known[0] if known else None)
    return Check(item, limit, best.found if best else None, best.holds if best else None)


def _sheard_failed(phoria: Decimal, reserve: Decimal | None) -> Check:
    holds = None if reserve is None else reserve < 2 * abs(phoria)
    return Check("reserve", f"< {plain(2 * abs(phoria))}", reserve, holds)


@rule("b.16.convergence_insufficiency", "1")
def convergence_insufficiency(
    phoria_distance: Decimal,
    phoria_near: Decimal,
    npc_cm: Decimal | None = None,
    reserve: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """More exo at near, a receded near point, and too little positive vergence or Sheard failed."""
    at: Data = data(TABLE, edition)["convergence_insufficiency"]
    more_exo = phoria_distance - phoria_near
    pfv = _either("reserve", at_most("reserve", reserve, at["pfv_to"]), _sheard_failed(phoria_near, reserve))
    return _counted([at_least("more_exo", more_exo, at["exo_from"]), at_least("npc_cm", npc_cm, at["npc_from"]), pfv])


@rule("b.16.convergence_excess", "1")
def convergence_excess(
    phoria_distance: Decimal,
    phoria_near: Decimal,
    nfv_blur: Decimal | None = None,
    nfv_break: Decimal | None = None,
    nfv_recovery: Decimal | None = None,
    vergence_cpm: Decimal | None = None,
    edition: str | None = None,
) -> Found[Verdict]:
    """More eso at near, and too little negative vergence or slow vergence facility."""
    at: Data = data(TABLE, edition)["convergence_excess"]
    ranges = (("nfv_blur", nfv_blur), ("nfv_break", nfv_break), ("nfv_recovery", nfv_recovery))
    ways = [at_most(item, found, at[f"{item}_to"]) for item, found in ranges]
    ways.append(at_most("vergence_cpm", vergence_cpm, at["vergence_cpm_to"]))
    return _counted(
        [at_least("more_eso", phoria_near - phoria_distance, at["eso_from"]), _either("reduced_nfv", *ways)]
    )


@rule("b.16.accommodative_infacility", "1")
def accommodative_infacility(
    monocular_cpm: Decimal | None = None, binocular_cpm: Decimal | None = None, edition: str | None = None
) -> Found[Verdict]:
    """Slow accommodative facility with one eye or with both."""
    at: Data = data(TABLE, edition)["accommodative_infacility"]
    one = at_most("monocular_cpm", monocular_cpm, at["monocular_to"])
    both = at_most("binocular_cpm", binocular_cpm, at["binocular_to"])
    return _counted([_either("slow_facility", one, both)])


@rule("b.16.accommodative_insufficiency", "1")
def accommodative_insufficiency(age: Decimal, amplitude: Decimal, edition: str | None = None) -> Found[Verdict]:
    """An amplitude too far below the least for the age (15 − age/4)."""
    at: Data = data(TABLE, edition)["accommodative_insufficiency"]
    return _counted([at_least("below_minimum", expected(age).minimum - amplitude, at["below_minimum_from"])])
