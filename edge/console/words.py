"""The console's words in the store's language."""

from pathlib import Path
from typing import Any

from edge.diagnostics.words import in_language, sentences

WORDS = Path(__file__).with_name("words.toml")


class Words:
    """``words("since", time=…)``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **facts: Any) -> str:
        """The text of a key."""
        return in_language(sentences(WORDS)[key], self.language).format(**facts)

    def ago(self, seconds: float | None) -> str:
        """How long ago, roughly."""
        if seconds is None:
            return self("none_yet")
        return self("just_now") if seconds < 60 else self("ago", span=self.span(seconds))

    def span(self, seconds: float) -> str:
        """How long, roughly."""
        for size, key in ((86_400, "days"), (3600, "hours")):
            if seconds >= size:
                return self(key, n=int(seconds // size))
        return self("minutes", n=max(1, int(seconds // 60)))
