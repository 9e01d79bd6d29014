"""Earlier versions of reports: each that a data file lists is there, says of itself that it is archived, stays out of search
engines, lists, feeds and the sitemap, and names the report as it is now; one that was removed has left nothing."""

import json

from lxml import html

from built import Findings, at, directory, read_reports

# Where only reports as they are now may stand.
LISTS = ("index.html", "archive.html", "sitemap.xml", "atom.xml", "feed.json", "data/reports.json", "data/reports.csv")


def parse(path):
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def check_kept(root, row, version, say):
    number = version["version"]
    name = f"{row['id']}/v{number}.html"
    for key, ending in (("url", "html"), ("data", "json")):
        if version.get(key) != f"{row['url'].removesuffix('.html')}/v{number}.{ending}":
            say(f"{row['id']}.json", f"version {number} has the {key} {version.get(key)}")
    page = parse(root / name)
    if page.xpath("string(//meta[@name='robots']/@content)") != "noindex":
        say(name, "is not kept out of search engines")
    if page.xpath("string(//link[@rel='canonical']/@href)") != row["url"]:
        say(name, "its canonical link is not the report as it is now")
    marks = page.xpath("//*[@data-status='superseded']")
    times = [mark.xpath("string(.//time/@datetime)") for mark in marks]
    links = [href for mark in marks for href in mark.xpath(".//a/@href")]
    if times != [version["sealed"]] or f"../{row['id'].split('/')[1]}.html" not in links:
        say(name, "does not say that it is archived, since when, and where the report is now")
    data = json.loads((root / name).with_suffix(".json").read_text("utf-8"))
    said = (data["id"], data.get("version"), data["status"])
    if said != (row["id"], number, "superseded"):
        say(f"{row['id']}/v{number}.json", f"says of itself {said}")
    if f"{row['id'].split('/')[1]}/v{number}.html" not in parse(root / f"{row['id']}.html").xpath("//a/@href"):
        say(f"{row['id']}.html", f"does not link version {number}")


def check_report(root, row, say):
    data = json.loads((root / f"{row['id']}.json").read_text("utf-8"))
    versions = data.get("versions") or []
    if [v["version"] for v in versions] != list(range(data.get("version", 1) - 1, 0, -1)):
        say(f"{row['id']}.json", f"version {data.get('version')} lists {[v['version'] for v in versions]}")
    for version in versions:
        if version.get("removed") or at(data, "withdrawn.date") or "url" not in version:
            left = sorted(path.name for path in (root / row["id"]).glob(f"v{version['version']}[./]*"))
            if left:
                say(row["id"], f"version {version['version']} is gone and has left {left}")
        else:
            check_kept(root, row, version, say)
    return len(versions)


def main():
    root, findings, count = directory(), Findings(), 0
    texts = {name: (root / name).read_text("utf-8") for name in LISTS if (root / name).is_file()}
    for row in read_reports(root):
        try:
            count += check_report(root, row, findings.say)
        except (OSError, ValueError, KeyError) as error:
            findings.say(row["id"], f"{type(error).__name__}: {error}")
        for name, text in texts.items():
            if f"{row['id']}/v1." in text:
                findings.say(name, f"lists an earlier version of {row['id']}")
    findings.finish(f"{count} earlier versions")


main()
