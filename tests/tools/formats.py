"""What `sunlit check` prints for programs and for paper, over every failing case of tests/findings: SARIF keeps to the
schema of the standard, JSON and SARIF name the same places, lines and columns lie in the files, the sheet is valid HTML.
usage: formats.py ROOT --sunlit PROGRAM   (ROOT: the repository)"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

import jsonschema

TOOLS = Path(__file__).parent
SCHEMA = TOOLS / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
VNU = TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"


def lay(root, case, into):
    """The base portal with the files of a case over it."""
    shutil.copytree(root / "tests/portal", into, dirs_exist_ok=True)
    shutil.copytree(case, into, dirs_exist_ok=True)
    remove = into / "REMOVE"
    if remove.exists():
        for line in remove.read_text("utf-8").split():
            (into / line).unlink()
        remove.unlink()


def run(program, portal, form):
    command = [program, "--root", portal, "--lang", "zh-CN", "check", "--as-of", "2026-01-01", "--format", form]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit(f"{portal}: status {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8")


def faults(validator, portal, program):
    """What is wrong with the outputs about one portal."""
    log = json.loads(run(program, portal, "sarif"))
    for error in validator.iter_errors(log):
        yield f"SARIF: {error.message} at {list(error.absolute_path)}"
    results = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    entries = json.loads(run(program, portal, "json"))["diagnostics"]
    if len(entries) != len(results):
        yield f"{len(entries)} findings in JSON, {len(results)} in SARIF"
    if not entries:
        yield "no finding at all"
    for entry, result in zip(entries, results):
        if entry["code"] != result["ruleId"] or rules[result["ruleIndex"]]["id"] != entry["code"]:
            yield f"{entry['code']} is {result['ruleId']} in SARIF"
        physical = result.get("locations", [{}])[0].get("physicalLocation")
        if not physical:
            continue
        if unquote(physical["artifactLocation"]["uri"]) != entry["file"]:
            yield f"{entry['file']} is {physical['artifactLocation']['uri']} in SARIF"
        region = physical.get("region")
        place = (entry["line"], entry["column"]) if entry["line"] else None
        if place != (region and (region["startLine"], region["startColumn"])):
            yield f"{entry['code']}: {place} in JSON, {region} in SARIF"
        path = portal / entry["file"]
        if region and path.is_file():
            lines = path.read_bytes().decode("utf-8-sig").split("\n")
            if not 1 <= region["startLine"] <= len(lines) or region["startColumn"] > len(lines[region["startLine"] - 1]) + 1:
                yield f"{entry['code']} points outside the file: {region}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--sunlit", type=Path, required=True)
    options = parser.parse_args()
    program = options.sunlit.resolve()
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))
    cases = sorted(path for path in options.root.glob("tests/findings/*/fail*") if path.is_dir())
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        sheets = Path(folder) / "sheets"
        sheets.mkdir()
        for case in cases:
            name = f"{case.parent.name}-{case.name}"
            portal = Path(folder) / name
            lay(options.root, case, portal)
            for fault in faults(validator, portal, program):
                print(f"{name}: {fault}")
                wrong += 1
            (sheets / f"{name}.html").write_text(run(program, portal, "html"), "utf-8")
            shutil.rmtree(portal)
        checker = ["java", "-Xss8m", "-jar", VNU, "--stdout", "--exit-zero-always", "--no-langdetect", "--errors-only", sheets]
        messages = subprocess.run(checker, stdout=subprocess.PIPE).stdout.decode().strip()
        if messages:
            print(messages)
            wrong += 1
    print(f"{len(cases)} portals, each as SARIF, JSON and on paper; {wrong} faults")
    sys.exit(1 if wrong else 0)


main()
