"""What people read, in the languages of the house; data files carry it beside the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One text in English and Chinese; braces in it are filled from the numbers at hand."""

    en: str
    zh: str

    @classmethod
    def read(cls, both: Mapping[str, str]) -> "Words":
        """From a table of a data file. Raises KeyError when a language is missing."""
        return cls(en=both["en"], zh=both["zh"])

    def spoken(self, language: str, **numbers: object) -> str:
        """The text in ``language`` (English when we do not speak it), with its braces filled."""
        text = self.zh if language == "zh" else self.en
        return text.format(**numbers) if numbers else text

    def __str__(self) -> str:
        return self.en
