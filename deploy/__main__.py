"""``python -m deploy``: the ``emmetra`` command without its script."""

import sys

from deploy.cli import main

sys.exit(main())
