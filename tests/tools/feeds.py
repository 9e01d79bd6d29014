"""What machines subscribe to: the Atom and the JSON feed, the sitemap and robots.txt."""

import json
import re
import subprocess
from datetime import datetime
from pathlib import Path

import feedparser
from lxml import etree

from built import Findings, directory

MOST_ENTRIES = 20
SITEMAP_XSD = Path(__file__).parent / "node_modules/sitemap/schema/sitemap.xsd"


def is_moment(text):
    """RFC 3339, with the offset that both feed formats demand."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def check_entries(name, ids, links, base, root, say):
    if not 0 < len(ids) <= MOST_ENTRIES:
        say(name, f"{len(ids)} entries, expected 1 to {MOST_ENTRIES}")
    for one in {one for one in ids if ids.count(one) > 1}:
        say(name, f"id is used twice: {one}")
    for link in links:
        path = link.removeprefix(base)
        if path == link or not (root / path).is_file():
            say(name, f"entry leads to no page of this site: {link}")


def check_atom(root, base, say):
    [path] = [root / name for name in ("feed.atom", "atom.xml", "feed.xml") if (root / name).is_file()] or [root / "feed.atom"]
    if not path.is_file():
        return say(path.name, "missing")
    name, feed = path.name, feedparser.parse(path.read_bytes())
    if feed.bozo:
        say(name, f"not well formed: {feed.bozo_exception}")
    if feed.version != "atom10":
        say(name, f"feedparser reads it as {feed.version!r}, not as Atom 1.0")
    for key in ("id", "title", "updated"):
        if not feed.feed.get(key):
            say(name, f"feed has no {key}")
    if not any(link.rel == "self" and link.href == base + name for link in feed.feed.get("links", [])):
        say(name, f"feed has no self link to {base + name}")
    for entry in feed.entries:
        for key in ("id", "title", "updated", "link"):
            if not entry.get(key):
                say(name, f"entry has no {key}: {entry.get('title')}")
        for key in ("updated", "published"):
            if key in entry and not is_moment(entry[key]):
                say(name, f"{key} is no RFC 3339 time: {entry[key]}")
        if not entry.get("author") and not feed.feed.get("author"):
            say(name, f"entry has no author: {entry.get('title')}")
    check_entries(name, [entry.get("id") for entry in feed.entries], [entry.get("link", "") for entry in feed.entries], base, root, say)


def check_json_feed(root, base, say):
    name = "feed.json"
    feed = json.loads((root / name).read_text("utf-8"))
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        say(name, f"version is {feed.get('version')!r}")
    if not feed.get("title") or not isinstance(feed.get("items"), list):
        say(name, "title or items is missing")
    for key, expected in (("feed_url", base + name), ("home_page_url", base)):
        if feed.get(key) not in (expected, expected + "index.html"):
            say(name, f"{key} is {feed.get(key)!r}, expected {expected!r}")
    items = feed.get("items", [])
    for item in items:
        if not isinstance(item.get("id"), str) or not item["id"]:
            say(name, f"item has no id: {item.get('title')}")
        if not item.get("content_text") and not item.get("content_html"):
            say(name, f"item has no content: {item.get('id')}")
        for key in ("date_published", "date_modified"):
            if key in item and not is_moment(item[key]):
                say(name, f"{key} is no RFC 3339 time: {item[key]}")
    check_entries(name, [item.get("id") for item in items], [item.get("url", "") for item in items], base, root, say)


def check_sitemap(root, base, say):
    name = "sitemap.xml"
    valid = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SITEMAP_XSD, root / name], capture_output=True, text=True)
    if valid.returncode:
        say(name, valid.stderr.strip())
    urls = etree.parse(root / name).getroot()
    places = [url.findtext("{*}loc") for url in urls]
    for url, place in zip(urls, places, strict=True):
        path = place.removeprefix(base)
        target = root / (path + "index.html" if path == "" or path.endswith("/") else path)
        if path == place or not target.is_file():
            say(name, f"lists no page of this site: {place}")
        elif b'http-equiv="refresh"' in target.read_bytes():
            say(name, f"lists a redirect: {place}")
        lastmod = url.findtext("{*}lastmod")
        if lastmod is not None and not is_moment(lastmod) and not re.fullmatch(r"\d{4}-\d\d-\d\d", lastmod):
            say(name, f"lastmod is no W3C date: {lastmod} of {place}")
    for place in {place for place in places if places.count(place) > 1}:
        say(name, f"lists twice: {place}")
    unlisted = re.compile(rb'http-equiv="?refresh|<meta name="?robots"? content="?noindex')
    pages = {base + path.relative_to(root).as_posix() for path in root.rglob("*.html") if path.name != "404.html" and not unlisted.search(path.read_bytes())}
    for missing in sorted(pages - set(places) - {place + "index.html" for place in places}):
        say(name, f"does not list {missing}")


def check_robots(root, base, say):
    text = (root / "robots.txt").read_text("utf-8")
    if f"Sitemap: {base}sitemap.xml" not in text.splitlines():
        say("robots.txt", f"does not name the sitemap {base}sitemap.xml")


def main():
    root, findings = directory(), Findings()
    canonical = re.search(r'<link rel="?canonical"? href="([^"]*)"', (root / "index.html").read_text("utf-8"))
    base = canonical[1].removesuffix("index.html") if canonical else ""
    if not base:
        findings.say("index.html", "no canonical link, so the public address of the site is unknown")
    for check in (check_atom, check_json_feed, check_sitemap, check_robots):
        try:
            check(root, base, findings.say)
        except (OSError, ValueError, etree.XMLSyntaxError) as error:
            findings.say(check.__name__, error)
    findings.finish("feeds, sitemap and robots.txt")


main()
