"""``python -m edge.identity renew --data DIR``: what the running gateway starts, so that it stays small itself."""

import argparse
import sys

from edge.identity.command import options, run

parser = argparse.ArgumentParser(prog="python -m edge.identity")
verbs = parser.add_subparsers(dest="verb", required=True)
options("renew", verbs.add_parser("renew"))
sys.exit(run(parser.parse_args()))
