"""Why something that was asked of the queue was not done; nothing was changed."""


class Refused(Exception):
    """``why`` is one of these, which the console has words for.

    ``cloud``: the cloud calls people; ``giving``: the queue is being handed back; ``moved``: somebody was quicker;
    ``not_drawn``: it cannot follow; ``nobody``, ``unpaid``, ``numbers``, ``door``, ``unknown``, ``amount``, ``reason``,
    ``time``, ``disk``, ``book``, ``offline``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
