"""The arguments of the tests in this folder."""

import argparse
import sys
import unittest

options = None


def run_tests(description):
    """Parses --bin and --data into `options`, then runs the tests of the main module with what is left."""
    global options
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    options, rest = parser.parse_known_args()
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
