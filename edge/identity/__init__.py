"""Who this gateway is: its key, its certificate, the roots it trusts, and how it comes by them.

What runs all the time (``papers``, ``ways``, ``renewal``) needs the standard library alone; ``cryptography`` is loaded
by the commands ``enrol`` and ``renew``, which end again.
"""

from edge.identity.papers import Identity, Papers

__all__ = ["Identity", "Papers"]
