"""Why a picture cannot be read."""


class Damaged(ValueError):
    """One sentence why, and the offset at which reading broke off."""

    def __init__(self, why: str, offset: int = 0) -> None:
        super().__init__(why)
        self.why, self.offset = why, offset
