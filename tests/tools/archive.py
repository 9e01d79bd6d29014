"""Archives, read by programs that are not ours.

    archive.py --sunlit PROGRAM --cases FOLDER --portal FOLDER YEAR [--portal FOLDER YEAR ...]

Every case of tests/archive/, as the test suite left it in --cases, is shown to the Library of Congress's bagit-python: its verdict
must be the one that the case names, and ours must be, too. Every year of every portal is archived in each format, twice:
the bytes must be the same; bagit-python, sha512sum, sha256sum, tar, unzip and Python's own readers must be content; every link of
the offline pages must lead to a file and an id that is there, or say that it leads outside.
Prints one finding a line; exits with 1 where there is any.
"""

import argparse
import html.parser
import json
import logging
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import zipfile
from pathlib import Path

import bagit

logging.disable(logging.CRITICAL)
findings = []


def find(where, what):
    findings.append(f"{where}: {what}")


def judged(folder):
    """What bagit-python says of a folder. Its reader raises more than its own errors; none of them is a yes."""
    try:
        bagit.Bag(str(folder)).validate()
        return "valid"
    except Exception:
        return "invalid"


def unpacked(path, room):
    """The bag of an archive: the folder with bagit.txt, at the top or one below it."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(room)
    else:
        with tarfile.open(path) as archive:
            archive.extractall(room, filter="data")
    places = [room, *sorted(p for p in room.iterdir() if p.is_dir())]
    return next((p for p in places if (p / "bagit.txt").is_file()), room)


def python_says(path):
    if path.is_dir():
        return judged(path)
    with tempfile.TemporaryDirectory() as room:
        try:
            return judged(unpacked(path, Path(room)))
        except Exception:
            return "invalid"


def verify(sunlit, path):
    done = subprocess.run([sunlit, "archive", "verify", "--format", "json", path], capture_output=True, text=True)
    return json.loads(done.stdout)["verdict"] if done.stdout else f"status {done.returncode}: {done.stderr}"


def cases(sunlit, folder):
    files = sorted(folder.glob("*/case.json"))
    if len(files) < 30:
        find(folder, f"{len(files)} cases; the test suite makes them: tests/run --only test")
    agree = 0
    for file in files:
        case = json.loads(file.read_text())
        path = Path(case["path"])
        ours = verify(sunlit, path)
        if ours != case["verdict"]:
            find(file.parent.name, f"sunlit says {ours}, the case {case['verdict']}")
        if case["bagit-python"] == "not-asked":
            continue
        theirs = python_says(path)
        if theirs != case["bagit-python"]:
            find(file.parent.name, f"bagit-python says {theirs}, the case {case['bagit-python']}")
        if (theirs == "valid") == (ours == "valid"):
            agree += 1
        elif not case["differs"]:
            find(file.parent.name, f"bagit-python says {theirs}, sunlit {ours}, and the case does not say why")
    print(f"{len(files)} cases, {agree} with the same verdict")


class Page(html.parser.HTMLParser):
    """References and ids of a page, and the words of each link."""

    def __init__(self, text):
        super().__init__()
        self.references, self.ids, self.links, self.open = [], set(), [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        for name in ("href", "src"):
            if name in attributes:
                self.references.append((tag, attributes.get("rel"), attributes[name]))
        if tag == "a":
            self.open = [attributes.get("href", ""), ""]
        refresh = attributes.get("http-equiv", "").lower() == "refresh"
        if tag == "meta" and refresh:
            self.references.append((tag, None, attributes["content"].split("url=", 1)[-1].strip("'\" ")))

    def handle_data(self, data):
        if self.open:
            self.open[1] += data

    def handle_endtag(self, tag):
        if tag == "a" and self.open:
            self.links.append(tuple(self.open))
            self.open = None


OUTSIDE = ("（不在本档案内）", "(outside this archive)")


def offline(site):
    """Walks every reference of every page of an offline site."""
    pages = {path: Page(path.read_text()) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        where = path.relative_to(site)
        for tag, rel, reference in page.references:
            parts = urllib.parse.urlsplit(reference)
            if parts.scheme in ("http", "https"):
                if tag not in ("a", "link") or rel in ("stylesheet", "icon"):
                    find(where, f"loads {reference} from elsewhere")
                continue
            if parts.scheme:
                continue
            target = path
            if parts.path:
                target = (path.parent / urllib.parse.unquote(parts.path)).resolve()
            if not target.is_file() or site.resolve() not in target.resolve().parents:
                find(where, f"dead link {reference}")
            elif parts.fragment and target.suffix == ".html":
                other = pages[target] if target in pages else Page(target.read_text())
                if urllib.parse.unquote(parts.fragment) not in other.ids:
                    find(where, f"no id {parts.fragment} in {reference}")
        for href, words in page.links:
            outside = urllib.parse.urlsplit(href).scheme in ("http", "https")
            if outside != words.rstrip().endswith(OUTSIDE):
                find(where, f"the link {href} {'does not say' if outside else 'says'} that it leads outside")
    print(f"{site}: {len(pages)} pages, {sum(len(p.references) for p in pages.values())} references")


def checked(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        find(command[0], f"{' '.join(map(str, command))}: {done.stdout[-400:]}{done.stderr[-400:]}")
    return done.stdout


def tree(path):
    if path.is_file():
        return path.read_bytes()
    return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}


def portal(sunlit, root, year, room):
    made = {}
    # Days apart: what the clock says must not matter.
    for day in ("2027-01-01", "2027-06-30"):
        for form in ("bagit", "bagit-tar", "bagit-zip"):
            out = room / day / form
            checked(sunlit, "--root", root, "archive", "create", year, "--format", form, "-o", out, "--as-of", day)
            archives = [p for p in out.iterdir() if p.name != ".sunlit"] if out.is_dir() else []
            if len(archives) != 1:
                find(root, f"{form}: {archives}")
                return None
            made.setdefault(form, []).append(archives[0])
            if verify(sunlit, archives[0]) != "valid":
                find(archives[0], "not valid")
            if python_says(archives[0]) != "valid":
                find(archives[0], "not valid for bagit-python")
    for form, (one, other) in made.items():
        if one.name != other.name or tree(one) != tree(other):
            find(root, f"{form}: another day, other bytes")
    bag, tar, packed = (made[form][0] for form in ("bagit", "bagit-tar", "bagit-zip"))
    for tool in ("sha512", "sha256"):
        for manifest in (f"manifest-{tool}.txt", f"tagmanifest-{tool}.txt"):
            checked(f"{tool}sum", "--strict", "--quiet", "-c", manifest, cwd=bag)
    files = sorted(f"{bag.name}/{path}" for path in tree(bag))
    if sorted(checked("tar", "tf", tar).splitlines()) != sorted(files) and not any(not f.isascii() for f in files):
        find(tar, "tar lists other files")
    checked("unzip", "-tqq", packed)
    with tarfile.open(tar) as archive, zipfile.ZipFile(packed) as other:
        if archive.getnames() != files or other.namelist() != files or other.testzip():
            find(bag, "Python lists other files than there are, or in another order")
        kinds = {(m.uid, m.gid, m.mode, m.uname, m.gname, m.isreg()) for m in archive.getmembers()}
        if kinds != {(0, 0, 0o644, "", "", True)}:
            find(tar, f"entries are not all alike: {kinds}")
    note = (bag / "data/HOW-TO-VERIFY.txt").read_bytes().decode()
    if note.replace("\r\n", "").count("\n") or "sha512sum -c manifest-sha512.txt" not in note:
        find(bag, "the note has bare line feeds, or does not name the command")
    offline(bag / "data/site")
    return bag


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sunlit", required=True, type=lambda p: str(Path(p).resolve()))
    parser.add_argument("--cases", required=True, type=Path)
    parser.add_argument("--portal", nargs=2, action="append", default=[])
    parser.add_argument("--keep", type=Path, help="copies the offline sites there, for the browser")
    given = parser.parse_args()
    cases(given.sunlit, given.cases)
    for root, year in given.portal:
        with tempfile.TemporaryDirectory() as room:
            bag = portal(given.sunlit, root, year, Path(room))
            if bag and given.keep:
                place = given.keep / f"{Path(root).resolve().name}-{year}"
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(bag, place)
    print("\n".join(findings))
    print(f"{len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
