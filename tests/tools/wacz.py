"""Web archives that `sunlit archive create --format wacz` makes, held to the programs that others read them with: py-wacz
validates, warcio checks every digest, sha256sum the files, surt and pywb the index, and pywb replays every address with the
bytes of the build. What py-wacz makes of the same records, `sunlit archive verify` reads. Damage is found by both.
usage: wacz.py --sunlit PROGRAM --portal ROOT YEAR [--portal ROOT YEAR…]"""

import argparse
import gzip
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import unquote

from pywb.utils.canonicalize import canonicalize
from surt import surt
from warcio.archiveiterator import ArchiveIterator

BIN = Path(sys.executable).parent
AS_OF = "2026-11-01"


def run(*command, cwd=None, expect=0):
    done = subprocess.run([str(c) for c in command], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if expect is not None and done.returncode != expect:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}, not {expect}\n{done.stdout[-4000:]}")
    return done


def sunlit(program, *arguments, expect=0):
    return run(program, "--lang", "en", *arguments, expect=expect)


def create(program, root, year, out):
    """The archive of a year; made a second time with other threads, for another moment, it is the same."""
    archives = []
    for name, jobs, moment in (("one", "1", AS_OF), ("two", "4", "2026-11-20 10:11")):
        sunlit(program, "--root", root, "archive", "create", year, "--format", "wacz", "-o", out / name, "--jobs", jobs,
               "--as-of", moment)
        (archive,) = (out / name).glob("*.wacz")
        archives.append(archive)
    if archives[0].read_bytes() != archives[1].read_bytes():
        sys.exit(f"{archives[0]}: two runs differ")
    return archives[0]


def validate(archive, folder):
    """py-wacz, unzip, sha256sum, gzip and warcio agree that the archive is whole; gives the number of records."""
    if "the passed WACZ is valid" not in run(BIN / "wacz", "validate", "-f", archive).stdout:
        sys.exit(f"{archive}: wacz validate says something else")
    run("unzip", "-q", archive, "-d", folder)
    run("sha256sum", "--check", "--strict", "--quiet", "notes/manifest-sha256.txt", cwd=folder)
    warc = folder / "archive/data.warc.gz"
    run("gzip", "-t", warc)
    # warcio gives 0 for a file that is cut short, too: what passes is counted.
    passed = run(BIN / "warcio", "check", "-v", warc).stdout.count("digest pass")
    with warc.open("rb") as stream:
        records = sum(1 for _ in ArchiveIterator(stream))
    if passed != records or records < 3:
        sys.exit(f"{archive}: {passed} of {records} records pass")
    return records


def index(folder, records):
    """Every line of the index is in its place and leads to a record of its address; gives address and media type."""
    lines = (folder / "indexes/index.cdx").read_text("utf-8").splitlines()
    if lines != sorted(lines, key=str.encode) or len(lines) != records - 1:
        sys.exit(f"{folder}: {len(lines)} lines of an index for {records} records, or not sorted")
    warc = (folder / "archive/data.warc.gz").read_bytes()
    addresses = {}
    for line in lines:
        key, stamp, facts = line.split(" ", 2)
        facts = json.loads(facts)
        url, at = facts["url"], int(facts["offset"])
        if not key == surt(url) == canonicalize(url):
            sys.exit(f"{url}: {key} is {surt(url)} for surt and {canonicalize(url)} for pywb")
        member = warc[at:at + int(facts["length"])]
        (record,) = list(ArchiveIterator(io.BytesIO(member)))[:1] or [None]
        if record is None or record.rec_headers.get_header("WARC-Target-URI") != url:
            sys.exit(f"{url}: the index leads elsewhere")
        payload = gzip.decompress(member).split(b"\r\n\r\n", 2)[2][:-4]
        if facts["digest"] != "sha256:" + hashlib.sha256(payload).hexdigest():
            sys.exit(f"{url}: another digest")
        if stamp != "".join(c for c in record.rec_headers.get_header("WARC-Date") if c.isdigit()):
            sys.exit(f"{url}: another time")
        addresses[url] = facts["mime"]
    return addresses


def pages(folder, addresses):
    head, *lines = (folder / "pages/pages.jsonl").read_text("utf-8").splitlines()
    listed = [json.loads(line) for line in lines]
    if json.loads(head)["format"] != "json-pages-1.0" or not listed:
        sys.exit(f"{folder}: no list of pages")
    for page in listed:
        if page["url"] not in addresses or not page["title"] or addresses[page["url"]] != "text/html":
            sys.exit(f"{folder}: the page {page} is none")


def replay(archive, addresses, built, base, scratch):
    """pywb answers every address with the bytes of the build and its media type."""
    scratch.mkdir()
    run(BIN / "wb-manager", "init", "year", cwd=scratch)
    run(BIN / "wb-manager", "add", "year", archive, "--unpack-wacz", cwd=scratch)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (scratch / "log").open("w") as log:
        server = subprocess.Popen([BIN / "wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=scratch, stdout=log, stderr=log)
    try:
        wait(port, server, scratch / "log")
        for url, mime in addresses.items():
            below = unquote(url.removeprefix(base))
            name = below + "index.html" if below == "" or below.endswith("/") else below
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/year/2id_/{url}", timeout=60) as answer:
                body, kind = answer.read(), answer.headers.get_content_type()
            if body != (built / name).read_bytes() or kind != mime:
                sys.exit(f"{url}: replayed as {kind} with {len(body)} bytes, which the build did not write")
    finally:
        server.terminate()
        server.wait(30)


def wait(port, server, log):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    sys.exit(f"pywb does not answer\n{log.read_text()[-4000:]}")


def foreign(program, archive, folder, scratch):
    """What py-wacz makes of our records and pages is valid here; repacked, our own is not."""
    other = scratch / "other.wacz"
    run(BIN / "wacz", "create", "-o", other, "-p", folder / "pages/pages.jsonl", folder / "archive/data.warc.gz")
    sunlit(program, "archive", "verify", other)
    repacked = scratch / "repacked.wacz"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(repacked, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    if "[container-changed]" not in sunlit(program, "archive", "verify", repacked, expect=1).stdout:
        sys.exit("an archive that was packed anew passes")
    return other


def damaged(program, archives, scratch):
    """Damage to files that py-wacz finds is found here; damage outside of files only here."""
    for archive in archives:
        sunlit(program, "archive", "verify", archive)
        whole = archive.read_bytes()
        with zipfile.ZipFile(archive) as container:
            places = {i.filename: i for i in container.infolist()}
        for name in ("archive/data.warc.gz", "pages/pages.jsonl", "datapackage.json"):
            info = places[name]
            at = info.header_offset + 30 + len(name) + info.compress_size // 2
            copy = scratch / "damaged.wacz"
            copy.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1:])
            if run(BIN / "wacz", "validate", "-f", copy, expect=None).returncode == 0:
                sys.exit(f"py-wacz takes a damaged {name} for valid")
            sunlit(program, "archive", "verify", copy, expect=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sunlit", required=True, type=lambda p: Path(p).resolve())
    parser.add_argument("--portal", action="append", nargs=2, required=True, metavar=("ROOT", "YEAR"))
    options = parser.parse_args()
    os.environ.update(PYTHONDONTWRITEBYTECODE="1", SOURCE_DATE_EPOCH="0")
    for number, (root, year) in enumerate(options.portal):
        root = Path(root).resolve()
        scratch = Path(tempfile.mkdtemp(prefix="sunlit-wacz-"))
        try:
            archive = create(options.sunlit, root, year, scratch)
            folder = scratch / "unpacked"
            records = validate(archive, folder)
            addresses = index(folder, records)
            pages(folder, addresses)
            sunlit(options.sunlit, "--root", root, "build", "-o", scratch / "public", "--as-of", AS_OF)
            base = json.loads((folder / "datapackage.json").read_text("utf-8"))["mainPageUrl"].removesuffix(f"{year}/index.html")
            replay(archive, addresses, scratch / "public", base, scratch / "replay")
            other = foreign(options.sunlit, archive, folder, scratch)
            damaged(options.sunlit, [archive, other] if number == 0 else [archive], scratch)
            print(f"{root.name} {year}: {records} records, {len(addresses)} addresses replayed, {archive.stat().st_size} bytes")
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


main()
