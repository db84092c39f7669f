#!/usr/bin/python3
"""Makes the pictures of docs/operations.md: the page of ten clients and an evaluator after 60 rounds.

  tests/browser/screenshots.py --bin build/release/bin [--to docs/images] [--data FOLDER]
"""
import argparse
import pathlib
import tempfile
import time

from browser import Browser
from federation import Federation

TRAINERS = 10
ROUNDS = 60
SIZES = {1400: 832, 360: 1238}  # width: height
TRAINING_SECONDS = 600
SETTLE_SECONDS = 3  # the last evaluation and the table of clients


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--to", default=pathlib.Path(__file__).resolve().parents[2] / "docs/images", type=pathlib.Path)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="seedfed-screenshots-") as folder:
        federation = Federation(options.bin, options.data, folder,
                                ["--clients", str(TRAINERS), "--shards", str(TRAINERS), "--rounds", str(ROUNDS),
                                 "--quorum", "8", "--key", "1"])
        federation.start_trainers_and_evaluator(TRAINERS)
        browser = Browser()
        try:
            browser.open(federation.url)
            browser.wait("all rounds are evaluated", lambda: f"round {ROUNDS};" in browser.text("#accuracy-note"),
                         TRAINING_SECONDS)
            for width, height in SIZES.items():
                browser.resize(width, height)
                for scheme in ("light", "dark"):
                    browser.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
                    time.sleep(SETTLE_SECONDS)
                    path = options.to / f"page-{width}-{scheme}.png"
                    browser.driver.save_screenshot(str(path))
                    print(f"{path}: {path.stat().st_size} bytes")
        finally:
            browser.quit()
            federation.stop()


if __name__ == "__main__":
    main()
