"""``python -m edge VERB``: the gateway's verbs where the ``emmetra`` command is not at hand, for its own children."""

import sys

from edge.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
