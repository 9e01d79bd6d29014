"""The open data of a built site: reports.json and reports.csv say the same row for row, every page they list exists, the
file beside each page says the same too, and the manifest names every file with its right hash."""

import csv
import io
import json
import re
import subprocess

from built import Findings, at, directory, read_reports

MANIFEST = "manifest-sha256.txt"


def as_cell(value):
    if value is None:
        return ""
    if isinstance(value, list):
        return None  # a list has no agreed form in a cell
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_row(row, column):
    """The value that a column stands for: `signed_date` is signed.date, `kind` is kind.id where kind is an object."""
    if column in row:
        value = row[column]
        return (True, value.get("id")) if isinstance(value, dict) else (True, value)
    head, _, tail = column.partition("_")
    if head in row and (row[head] is None or isinstance(row[head], dict)):
        return True, at(row, f"{head}.{tail}")
    return False, None


def check_csv(root, rows, say):
    name = "data/reports.csv"
    raw = (root / name).read_bytes()
    if not raw.startswith(b"\xef\xbb\xbf"):
        say(name, "no byte order mark, so Excel misreads it")
    text = raw.decode("utf-8-sig")
    if re.search(r"[^\r]\n", re.sub(r'"(?:[^"]|"")*"', "", text)) or not text.endswith("\r\n"):
        say(name, "a line does not end with CRLF")
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    columns, cells = table[0], table[1:]
    if len(set(columns)) != len(columns) or "id" not in columns:
        say(name, f"columns are not unique or have no id: {columns}")
    if len(cells) != len(rows):
        say(name, f"{len(cells)} rows, reports.json has {len(rows)}")
    for number, (line, row) in enumerate(zip(cells, rows), start=2):
        if len(line) != len(columns):
            say(f"{name}:{number}", f"{len(line)} cells under {len(columns)} columns")
            continue
        for column, cell in zip(columns, line):
            known, value = in_row(row, column)
            if not known and cell == "":
                continue  # an optional fact that no report of this tree has
            if not known:
                say(f"{name}:{number}", f"column {column} stands for nothing in reports.json")
            elif as_cell(value) not in (None, cell):
                say(f"{name}:{number}", f"{column} is {cell!r}, reports.json says {value!r}")


def check_pages(root, rows, say):
    ids = [row["id"] for row in rows]
    for one in {one for one in ids if ids.count(one) > 1}:
        say("data/reports.json", f"id is used twice: {one}")
    for row in rows:
        page, beside = root / f"{row['id']}.html", root / f"{row['id']}.json"
        if not page.is_file():
            say("data/reports.json", f"lists a page that does not exist: {row['id']}")
        if not beside.is_file():
            say("data/reports.json", f"no JSON file beside the page: {row['id']}")
            continue
        data = json.loads(beside.read_text("utf-8"))
        # The list names the parts; the file beside the page has their words too, and the lead that no heading opens.
        data["parts"] = [{k: p[k] for k in ("id", "role", "title")} for p in data["parts"] if p["id"]]
        for key in row.keys() & data.keys():
            if row[key] != data[key] and not key.endswith("url"):
                say(f"{row['id']}.json", f"{key} is {str(data[key])[:200]}, reports.json says {str(row[key])[:200]}")


def check_manifest(root, say):
    verified = subprocess.run(["sha256sum", "-c", "--strict", "--quiet", MANIFEST], cwd=root, capture_output=True, text=True)
    for line in (verified.stdout + verified.stderr).splitlines():
        say(MANIFEST, line)
    listed = [line[66:] for line in (root / MANIFEST).read_text("utf-8").splitlines()]
    present = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - {MANIFEST}
    for path in sorted(present - set(listed)):
        say(MANIFEST, f"does not list {path}")
    if listed != sorted(listed, key=str.encode):
        say(MANIFEST, "is not sorted, so two equal sites could differ")


def main():
    root, findings = directory(), Findings()
    rows = read_reports(root)
    for check, *arguments in ((check_csv, rows), (check_pages, rows), (check_manifest,)):
        try:
            check(root, *arguments, findings.say)
        except (OSError, ValueError, csv.Error) as error:
            findings.say(check.__name__, error)
    findings.finish(f"data of {len(rows)} reports")


main()
