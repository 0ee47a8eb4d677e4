"""What was chosen about a file's columns, checked against the file."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cloud.imports import dates
from cloud.imports.choices import REPEATED, Existing, Field, Likely, Order
from cloud.imports.models import Batch

NAMES = (Field.FULL_NAME, Field.FAMILY_NAME)


@dataclass(slots=True)
class MappingForm:
    """A field for each column and how to read the file; ``errors`` by field, in the user's words."""

    mapping: list[str] = field(default_factory=list)
    order: str = ""
    existing: str = Existing.SKIP
    likely: str = Likely.LEAVE
    store_id: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, batch: Batch) -> "MappingForm":
        """As the import stands: guessed, remembered or chosen before."""
        chosen = batch.options
        return cls(
            list(batch.mapping),
            chosen.get("order") or shown_order(batch, batch.mapping) or "",
            chosen.get("existing", Existing.SKIP),
            chosen.get("likely", Likely.LEAVE),
            chosen.get("store_id"),
        )

    @classmethod
    def parse(cls, entered: "MultiDict[str, str]", batch: Batch, stores: Collection[int]) -> "MappingForm":
        """Read the form; nothing is raised, problems lie in ``errors``."""
        chosen = [entered.get(f"column-{at}", "") for at in range(len(batch.columns))]
        form = cls([one if one in set(Field) else "" for one in chosen])
        form.order = entered.get("order", "") or shown_order(batch, form.mapping) or ""
        form.existing = Existing.UPDATE if entered.get("existing") == Existing.UPDATE else Existing.SKIP
        form.likely = Likely.TAKE if entered.get("likely") == Likely.TAKE else Likely.LEAVE
        store = entered.get("store_id", type=int)
        form.store_id = store if store in stores else None
        form._check()
        return form

    def _check(self) -> None:
        if not set(NAMES) & set(self.mapping):
            self.errors["mapping"] = _("Say which column holds the name: without one nobody can be taken in.")
        counted = Counter(one for one in self.mapping if one and one not in REPEATED)
        twice = [at for at, one in enumerate(self.mapping) if one and counted[one] > 1]
        for at in twice:
            self.errors[f"column-{at}"] = _("Two columns hold the same. Leave one of them out.")
        if self.order not in set(Order):
            self.errors["order"] = _("Say in which order this file writes day and month; its dates do not show it.")

    @property
    def options(self) -> dict[str, Any]:
        """How the rows are to be read and what to do with those that are there already."""
        return {"order": self.order, "existing": self.existing, "likely": self.likely, "store_id": self.store_id}


def shown_order(batch: Batch, mapping: list[str]) -> str | None:
    """The order in which the birth dates are written, where they show it themselves."""
    for column, named in zip(batch.columns, mapping, strict=False):
        if named == Field.BIRTH_DATE:
            return dates.told(column["dates"])
    return Order.YMD


def asked_order(batch: Batch) -> bool:
    """Whether any column holds dates of which a person must say the order."""
    return any(dates.told(column["dates"]) is None for column in batch.columns)
