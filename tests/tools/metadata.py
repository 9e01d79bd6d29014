"""One fact, many vocabularies: on every report page the visible header, the JSON-LD Report, Dublin Core, Open Graph and
the government page tags must say what the JSON file beside the page says, and absent facts must be absent everywhere.
The JSON-LD may use only words that schema.org knows for its type."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

from lxml import html

from built import Findings, at, directory, read_reports


def newest_correction(data):
    return max((correction["date"] for correction in data.get("corrections") or []), default=None)


# fact: key in the JSON file, data-fact in the visible header, JSON-LD path, Dublin Core, Open Graph, government page tag.
FACTS = {
    "title": ("title", "h1", "headline", "title", "og:title", "ArticleTitle"),
    "publisher": ("organization.name", "publisher", "publisher.name", "publisher", "article:author", None),
    "year": ("year", "year", "temporalCoverage", "temporal", None, None),
    "signed": ("signed.date", "signed", "dateCreated", "created", None, None),
    "published": ("published", "published", "datePublished", "issued", "article:published_time", "PubDate"),
    "updated": (newest_correction, "updated", "dateModified", "modified", "article:modified_time", None),
    "source": ("source", "source", "sourceOrganization.name", "source", None, "ContentSource"),
    "document number": ("document_number", "document_number", "reportNumber", None, None, None),
    "index number": ("index_number", "index_number", "identifier", None, None, None),
}


class Page:
    """The places of one page where a fact can stand; each answers with text or None."""

    def __init__(self, path, say):
        self.tree = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
        self.metas = {}
        for meta in self.tree.iter("meta"):
            name = (meta.get("name") or meta.get("property") or "").lower().replace("dc.", "dcterms.", 1)
            self.metas.setdefault(name, meta.get("content"))
        nodes = []
        for script in self.tree.xpath('//script[@type="application/ld+json"]'):
            data = json.loads(script.text)
            nodes += data.get("@graph", [data]) if isinstance(data, dict) else data
        self.linked = next((node for node in nodes if "Report" in types(node)), None)
        for node in nodes:
            check_words(node, say)

    def header(self, fact):
        if fact == "h1":
            return words(self.tree.find(".//h1"))
        found = self.tree.xpath('//dl[contains(@class, "facts")]//*[@data-fact=$fact]//dd', fact=fact)
        times = found[0].xpath(".//time/@datetime") if found else []
        return times[0] if times else words(found[0]) if found else None

    def json_ld(self, path):
        return at(self.linked or {}, path)

    def dublin_core(self, name):
        return self.metas.get(f"dcterms.{name}")

    def meta(self, name):
        return self.metas.get(name.lower())


def words(element):
    return re.sub(r"\s+", " ", element.text_content()).strip() if element is not None else None


def same(expected, value):
    """Texts are equal; moments are the same instant, or the same local time where no zone can be written (PubDate)."""
    expected, value = str(expected), str(value)
    if expected == value:
        return True
    try:
        one, other = datetime.fromisoformat(expected), datetime.fromisoformat(value)
    except ValueError:
        return False
    if "T" not in expected:
        return False
    one = one.replace(second=0)
    return one.replace(tzinfo=None) == other if other.tzinfo is None else one == other.replace(second=0)


def check_report(root, path, say):
    data = json.loads((root / path).with_suffix(".json").read_text("utf-8"))
    page = Page(root / path, lambda message: say(path, message))
    if page.linked is None:
        say(path, "no JSON-LD Report")
    for fact, (key, header, linked, dublin, graph, tag) in FACTS.items():
        expected = key(data) if callable(key) else at(data, key)
        places = {
            "visible header": (page.header, header),
            "JSON-LD": (page.json_ld, linked),
            "Dublin Core": (page.dublin_core, dublin),
            "Open Graph": (page.meta, graph),
            "page tag": (page.meta, tag),
        }
        for place, (read, name) in places.items():
            value = read(name) if name else expected
            if expected is None and value is not None:
                say(path, f"{fact}: {place} {name} says {value!r}, the data says nothing")
            elif expected is not None and value is None:
                say(path, f"{fact}: {place} has no {name}, the data says {expected!r}")
            elif expected is not None and not same(expected, value):
                say(path, f"{fact}: {place} {name} says {value!r}, the data says {expected!r}")


def types(node):
    kind = node.get("@type", []) if isinstance(node, dict) else []
    return [kind] if isinstance(kind, str) else kind


@cache
def vocabulary():
    """Type → (its parents, its own properties), read from the typings that are made from schema.org's vocabulary."""
    source = (Path(__file__).parent / "node_modules/schema-dts/dist/schema.d.ts").read_text("utf-8")
    known = {}
    for name, parents, body in re.findall(r"^(?:export )?interface (\w+)(?: extends ([\w<>, ]+?))? \{\n(.*?)^\}", source, re.M | re.S):
        known[name] = (re.findall(r"\w+Base", parents), set(re.findall(r'^    "(\w+)"\?:', body, re.M)))
    return known


def properties(interface):
    parents, own = vocabulary().get(interface, ([], set()))
    return own.union(*(properties(parent) for parent in parents))


def check_words(node, say):
    if isinstance(node, list):
        for one in node:
            check_words(one, say)
    if not isinstance(node, dict):
        return
    kinds = types(node)
    for kind in kinds:
        if f"{kind}Leaf" not in vocabulary():
            say(f"JSON-LD: schema.org has no type {kind}")
    allowed = set().union(*(properties(f"{kind}Leaf") for kind in kinds))
    for key, value in node.items():
        if not key.startswith("@") and kinds and key not in allowed:
            say(f"JSON-LD: schema.org has no property {key} for {'/'.join(kinds)}")
        check_words(value, say)


def main():
    root, findings = directory(), Findings()
    reports = read_reports(root)
    for row in reports:
        check_report(root, f"{row['id']}.html", findings.say)
    findings.finish(f"metadata of {len(reports)} reports")


main()
