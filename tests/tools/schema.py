"""`sunlit schema` prints valid JSON Schemas, and the portal's own site.yaml, front matter and kinds keep to
them; so do the built-in kinds.
usage: schema.py ROOT --sunlit PROGRAM   (ROOT: the folder that holds site.yaml)"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def check_jsonschema(*arguments):
    return subprocess.run([sys.executable, "-m", "check_jsonschema", *map(str, arguments)]).returncode == 0


def front_matters(root, into):
    """Copies the front matter of every report to a YAML file of its own, named after the report."""
    for path in sorted([*root.glob("content/[0-9]*/*.md"), *root.glob("content/[0-9]*/*/index.md")]):
        match = re.match(r"---\r?\n(.*?)^---\s*$", path.read_text("utf-8"), re.M | re.S)
        if not match:
            sys.exit(f"{path}: no front matter")
        copy = into / (path.relative_to(root).as_posix().replace("/", "+") + ".yaml")
        copy.write_text(match[1], "utf-8")
        yield copy


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--sunlit", type=Path, required=True)
    options = parser.parse_args()

    passed = True
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = {
            "site": [options.root / "site.yaml"],
            "report": list(front_matters(options.root, work)),
            "kind": sorted([*options.root.glob("kinds/*.yaml"), *options.root.glob("src/model/kinds/*.yaml")]),
        }
        for name, instances in files.items():
            schema = work / f"{name}.schema.json"
            schema.write_bytes(subprocess.run([options.sunlit, "schema", name], check=True, stdout=subprocess.PIPE).stdout)
            print(f"schema {name}, {len(instances)} files", flush=True)
            passed &= check_jsonschema("--check-metaschema", schema)
            if instances:
                passed &= check_jsonschema("--schemafile", schema, *instances)
    sys.exit(0 if passed else 1)


main()
