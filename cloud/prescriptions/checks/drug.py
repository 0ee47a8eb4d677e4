"""Checks of a drug prescription: hints for the prescriber, no replacement for knowing the drug."""

from collections.abc import Iterator

from cloud.prescriptions.checks.finding import Finding, Known
from cloud.prescriptions.tables import limits
from cloud.prescriptions.values import Medicine, Written


def found(written: Written, known: Known) -> Iterator[Finding]:
    """Everything worth saying about these drugs for this patient."""
    if not written.medicines:
        yield Finding("D-EMPTY", "drug_1")
    for medicine in written.medicines:
        yield from _told(medicine)
        yield from _allergies(medicine, known.allergies or ())
        yield from _course(medicine, known)
    if written.medicines and known.allergies is None:
        yield Finding("D-ASK", "drug_1")


def _told(medicine: Medicine) -> Iterator[Finding]:
    if not medicine.dose or not (medicine.frequency or medicine.taper):
        yield Finding("D-DOSE", f"dose_{medicine.line}")
    if medicine.eye is None:
        yield Finding("D-EYE", f"eye_{medicine.line}")


def _allergies(medicine: Medicine, allergies: tuple[str, ...]) -> Iterator[Finding]:
    for substance in allergies:
        if _families(medicine.drug) & _families(substance) or _same(medicine.drug, substance):
            yield Finding("D-ALLERGY", f"drug_{medicine.line}", {"substance": substance})


def _course(medicine: Medicine, known: Known) -> Iterator[Finding]:
    bounds = limits()["drug"]
    if known.age is not None and known.age < bounds["child_age"]:
        yield Finding("D-CHILD", f"drug_{medicine.line}", {"age": str(known.age)})
    days = medicine.course_days or 0
    is_steroid = any(name in medicine.drug.lower() for name in bounds["steroids"])
    if is_steroid and days > bounds["steroid_days"] and not medicine.taper:
        yield Finding("D-TAPER", f"course_{medicine.line}", {"days": str(days)})


def _same(drug: str, substance: str) -> bool:
    one, other = drug.strip().lower(), substance.strip().lower()
    return bool(one and other) and (one in other or other in one)


def _families(name: str) -> set[str]:
    spoken = name.lower()
    return {family for family, names in limits()["drug"]["classes"].items() if any(one in spoken for one in names)}
