// Every address in the built tree: internal ones are relative and lead to a file and an id that exist, from a web server
// and from a disk alike; absolute ones to the site itself stand only in canonical, og: and JSON-LD; nothing is loaded from
// elsewhere; every page can be reached from the landing page.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { directoryArgument, isRefresh, readTree, report, text } from './tree.mjs';

const LOADING = { script: ['src'], img: ['src'], source: ['src'], iframe: ['src'], audio: ['src'], video: ['src', 'poster'], track: ['src'], embed: ['src'], object: ['data'], image: ['href', 'xlink:href'], use: ['href', 'xlink:href'] };
const LEADING = { a: ['href', 'xlink:href'], area: ['href'], form: ['action'], blockquote: ['cite'], q: ['cite'], ins: ['cite'], del: ['cite'] };
const LOADED_LINKS = ['stylesheet', 'icon', 'preload', 'modulepreload', 'manifest', 'apple-touch-icon'];
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;

const findings = [];
const tree = readTree(directoryArgument());
const pages = new Map(tree.pages.map((page) => [page.path, page]));
const base = canonical(pages.get('index.html'))?.attributes.href.replace(/index\.html$/, '');
if (!base) findings.push('index.html:1: no canonical link, so the public address of the site is unknown');

const linked = new Map(tree.pages.map(({ path }) => [path, new Set()]));
for (const page of tree.pages) {
  const say = (element, message) => findings.push(`${page.path}:${element.line}: ${message}`);
  for (const element of page.elements) {
    for (const { address, loads } of addresses(element)) checkAddress(page, address, loads, (message) => say(element, message));
    if (element.tag === 'base') say(element, 'base element');
  }
  checkPublicAddresses(page, say);
}
for (const path of tree.files) if (path.endsWith('.css')) checkStylesheet(path);
checkReachable();
report(findings, `${tree.pages.length} pages`);

function addresses(element) {
  const { tag, attributes } = element;
  const take = (names, loads) => (names ?? []).filter((name) => attributes[name] !== undefined).map((name) => ({ address: attributes[name].trim(), loads }));
  const found = [...take(LOADING[tag], true), ...take(LEADING[tag], false)];
  if (['img', 'source'].includes(tag) && attributes.srcset) found.push(...attributes.srcset.split(',').map((one) => ({ address: one.trim().split(/\s/)[0], loads: true })));
  if (tag === 'link' && attributes.href !== undefined && attributes.rel !== 'canonical')
    found.push({ address: attributes.href.trim(), loads: attributes.rel?.split(/\s+/).some((rel) => LOADED_LINKS.includes(rel)) });
  if (isRefresh(element)) found.push({ address: (attributes.content ?? '').replace(/^[^=]*=\s*/, ''), loads: false });
  return found;
}

function checkAddress(page, address, loads, say) {
  // The missing page is served at any depth: its links, alone, start at the host's root.
  if (address.startsWith('/') && page.path === '404.html') return;
  if (address.startsWith('/')) return say(`absolute internal link: ${address}`);
  if (base && address.startsWith(base)) return say(`link to the public address of this site: ${address}`);
  if (HAS_SCHEME.test(address)) {
    if (loads && !address.startsWith('data:')) say(`loads from elsewhere: ${address}`);
    if (!/^(https?|mailto|tel|data):/i.test(address)) say(`unknown kind of address: ${address}`);
    return;
  }
  const target = resolve(page.path, address, say);
  if (target?.endsWith('.html') && !loads) linked.get(page.path).add(target);
}

/** The file that a relative address leads to; says what is wrong where there is none. */
function resolve(from, address, say) {
  const [, path, , fragment] = /^([^?#]*)(\?[^#]*)?(?:#(.*))?$/s.exec(address);
  const target = path ? posix.join(posix.dirname(from), decodeURIComponent(path)) : from;
  if (target.startsWith('..')) return void say(`link leaves the tree: ${address}`);
  if (target.endsWith('/') || target === '.') return void say(`link to a folder, dead on a disk: ${address}`);
  if (!tree.files.has(target)) return void say(`dead link: ${address}`);
  if (fragment !== undefined && fragment !== 'top' && !idsOf(target).has(decodeURIComponent(fragment))) say(`dead fragment: ${address}`);
  return target;
}

function idsOf(path) {
  if (pages.has(path)) return pages.get(path).ids;
  return new Set(path.endsWith('.svg') ? [...readFileSync(join(tree.dir, path), 'utf8').matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id) : []);
}

function canonical(page) {
  return page?.elements.find(({ tag, attributes }) => tag === 'link' && attributes.rel === 'canonical');
}

/** Canonical, og: and JSON-LD carry absolute addresses: those of this site must answer too. */
function checkPublicAddresses(page, say) {
  if (!base) return;
  const own = canonical(page);
  if (!own && !page.isStub && page.path !== '404.html') say(page.elements[0], 'no canonical link');
  // An earlier version, YEAR/NAME/vN.html, is known by the report as it is now.
  const known = base + page.path.replace(/\/v\d+\.html$/, '.html');
  if (own && !page.isStub && ![known, known.replace(/index\.html$/, '')].includes(own.attributes.href))
    say(own, `canonical link is not this page: ${own.attributes.href}`);
  for (const element of page.elements) {
    const { tag, attributes } = element;
    const found = tag === 'meta' && /^(og|twitter):|^url$/i.test(attributes.property ?? attributes.name ?? '') ? [attributes.content]
      : element === own ? [attributes.href]
      : tag === 'script' && attributes.type === 'application/ld+json' ? strings(element, say) : [];
    for (const address of found.filter((value) => value?.startsWith(base)))
      resolve('index.html', address.slice(base.length).replace(/^(?=[?#]|$)|(?<=\/)(?=[?#]|$)/, 'index.html'), (message) => say(element, `${message} (in ${tag})`));
  }
}

function strings(script, say) {
  const collect = (value) => (typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(collect) : []);
  try {
    return collect(JSON.parse(text(script)));
  } catch (error) {
    say(script, `JSON-LD does not parse: ${error.message}`);
    return [];
  }
}

function checkStylesheet(path) {
  const css = readFileSync(join(tree.dir, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const match of css.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']/g)) {
    const address = match[1] ?? match[2];
    const say = (message) => findings.push(`${path}:${css.slice(0, match.index).split('\n').length}: ${message}`);
    if (address.startsWith('/')) say(`absolute internal link: ${address}`);
    else if (HAS_SCHEME.test(address)) address.startsWith('data:') || say(`loads from elsewhere: ${address}`);
    else resolve(path, address.replace(/#.*/, ''), say);
  }
}

function checkReachable() {
  const seen = new Set(['index.html']);
  for (const path of seen) for (const target of linked.get(path) ?? []) seen.add(target);
  for (const { path, isStub } of tree.pages)
    if (!seen.has(path) && !isStub && path !== '404.html') findings.push(`${path}:1: cannot be reached from index.html`);
}
