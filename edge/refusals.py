"""Why something that was asked of this gateway was not done."""


class OrderRefused(Exception):
    """An order cannot be carried out: one plain sentence for whoever gave it, which travels back as its ``why``."""
