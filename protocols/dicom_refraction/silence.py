"""pydicom without its voice: it warns about damage and quotes what it saw, which may be a patient's name."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from pydicom import config


@contextmanager
def quiet() -> Iterator[None]:
    """Within, pydicom says nothing to anybody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, config.logger.disabled = config.logger.disabled, True
        try:
            yield
        finally:
            config.logger.disabled = before
