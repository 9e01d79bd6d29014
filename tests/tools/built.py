"""Reads a built site for the Python validators: its rows of data, its pages, and how findings are printed."""

import json
import sys
from pathlib import Path


class Findings:
    """Collects findings; `finish` prints them and ends with 1 where there is any."""

    def __init__(self):
        self.lines = []

    def say(self, path, message):
        self.lines.append(f"{path}: {message}")

    def finish(self, subject):
        print("\n".join([*self.lines, f"{len(self.lines)} findings in {subject}" if self.lines else f"{subject}: nothing found"]))
        sys.exit(1 if self.lines else 0)


def directory():
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} DIR")
    return Path(sys.argv[1])


def read_reports(root):
    """The rows of data/reports.json, whether it is a list or an object that holds one."""
    data = json.loads((root / "data/reports.json").read_text("utf-8"))
    return data if isinstance(data, list) else data["reports"]


def at(row, path):
    """`at(row, "signed.date")`, or None where any part of the way is absent or empty."""
    for key in path.split("."):
        row = row.get(key) if isinstance(row, dict) else None
    return None if row in ("", [], {}) else row
