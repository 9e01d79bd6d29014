// Reads a built site: every file name, and every HTML page parsed into a flat list of elements in document order.
// Knows nothing of any rule.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'parse5';

export function readTree(dir) {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
    .sort();
  const pages = files.filter((path) => path.endsWith('.html')).map((path) => readPage(dir, path));
  if (pages.length === 0) throw new Error(`${dir}: no HTML page in it`);
  return { dir, files: new Set(files), pages };
}

function readPage(dir, path) {
  const elements = [];
  (function walk(node, parent) {
    let here = parent;
    if (node.tagName) {
      const attributes = Object.fromEntries(node.attrs.map(({ name, prefix, value }) => [prefix ? `${prefix}:${name}` : name, value]));
      here = { tag: node.tagName, attributes, parent, children: [], line: node.sourceCodeLocation?.startLine ?? 0, node };
      parent?.children.push(here);
      elements.push(here);
    }
    for (const child of node.childNodes ?? []) walk(child, here);
    if (node.content) walk(node.content, here);
  })(parse(readFileSync(join(dir, path), 'utf8'), { sourceCodeLocationInfo: true }), null);

  const page = { path, elements, kind: elements.find(({ tag }) => tag === 'body')?.attributes['data-kind'] };
  page.isStub = elements.some(isRefresh);
  page.ids = new Set(elements.flatMap(({ attributes }) => attributes.id ?? []));
  return page;
}

export const isRefresh = ({ tag, attributes }) => tag === 'meta' && attributes['http-equiv']?.toLowerCase() === 'refresh';

export const text = (element) =>
  (function read(node) {
    return node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(read).join('');
  })(element.node).replace(/\s+/g, ' ').trim();

/** Prints what was found and ends the process: 1 where anything was, 0 otherwise. */
export function report(findings, subject) {
  for (const finding of findings) console.log(finding);
  console.log(findings.length ? `${findings.length} findings in ${subject}` : `${subject}: nothing found`);
  process.exit(findings.length ? 1 : 0);
}

export function directoryArgument() {
  const dir = process.argv[2];
  if (dir) return dir;
  console.error(`usage: node ${process.argv[1]} DIR`);
  process.exit(2);
}
