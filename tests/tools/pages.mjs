// What no public checker asks of a page: one h1, no skipped heading, a language, a title of its own, tables that say what
// they are, real times, and nothing inline that a strict Content-Security-Policy would refuse.
import { checkStructure } from './structure.mjs';
import { directoryArgument, isRefresh, readTree, report, text } from './tree.mjs';

const findings = [];
const tree = readTree(directoryArgument());

for (const page of tree.pages) {
  const say = (element, message) => findings.push(`${page.path}:${element?.line ?? 1}: ${message}`);
  const all = (...tags) => page.elements.filter(({ tag }) => tags.includes(tag));
  document(page, all, say);
  headings(all, say);
  all('table').forEach((table) => checkTable(table, say));
  all('time').forEach((time) => checkTime(time, say));
  checkStructure(page, all, say);
  page.elements.forEach((element) => inline(element, say));
  if (page.isStub) stub(page, all, say);
}
titles(tree.pages);
report(findings, `${tree.pages.length} pages`);

function document(page, all, say) {
  const [html] = all('html');
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(html.attributes.lang ?? '')) say(html, 'html has no valid lang');
  if (all('main').length !== 1) say(html, `${all('main').length} main elements, expected 1`);
  if (!page.kind && !page.isStub) say(all('body')[0], 'body has no data-kind');
  const known = new Set();
  for (const element of page.elements) {
    const { id } = element.attributes;
    if (id !== undefined && known.has(id)) say(element, `id "${id}" is used twice`);
    known.add(id);
  }
}

function headings(all, say) {
  const found = all('h1', 'h2', 'h3', 'h4', 'h5', 'h6');
  const first = found.filter(({ tag }) => tag === 'h1');
  if (first.length !== 1) say(first[1], `${first.length} h1 elements, expected 1`);
  let level = 0;
  for (const heading of found) {
    const next = Number(heading.tag[1]);
    if (next > level + 1) say(heading, `heading level skipped: ${level ? `h${level}` : 'no heading'} is followed by h${next}`);
    if (!text(heading)) say(heading, `${heading.tag} has no text`);
    level = next;
  }
}

function titles(pages) {
  const owners = new Map();
  for (const page of pages.filter(({ isStub }) => !isStub)) {
    const title = page.elements.find(({ tag, parent }) => tag === 'title' && parent.tag === 'head');
    const words = title ? text(title) : '';
    if (!words) findings.push(`${page.path}:1: no title`);
    else if (owners.has(words)) findings.push(`${page.path}:${title.line}: same title as ${owners.get(words)}: ${words}`);
    else owners.set(words, page.path);
  }
}

function checkTable(table, say) {
  const caption = table.children[0]?.tag === 'caption' ? table.children[0] : undefined;
  if (!caption || !text(caption)) say(table, 'table without a caption');
  const within = (element) => element.children.flatMap((child) => (child.tag === 'table' ? [] : [child, ...within(child)]));
  const cells = within(table);
  const heads = cells.filter(({ tag }) => tag === 'th');
  if (heads.length === 0) say(table, 'table without a th');
  for (const head of heads) {
    if (!['col', 'row', 'colgroup', 'rowgroup'].includes(head.attributes.scope)) say(head, `th without a scope: ${text(head)}`);
    if (!text(head)) say(head, 'th without text');
  }
}

function checkTime(time, say) {
  const value = time.attributes.datetime ?? text(time);
  const [, year, month = '01', day = '01', clock] = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?))?)?)?$/.exec(value) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const real = year && !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
  if (!real || (clock && !/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/.test(clock)))
    say(time, `time has no valid datetime: ${value}`);
}

function inline(element, say) {
  const { tag, attributes } = element;
  if (tag === 'script' && attributes.src === undefined && attributes.type !== 'application/ld+json') say(element, 'inline script');
  if (tag === 'style') say(element, 'style element');
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style') say(element, `inline style: ${value}`);
    if (name.startsWith('on')) say(element, `inline event handler: ${name}`);
    if (/^\s*javascript:/i.test(value)) say(element, `script in an address: ${name}`);
  }
}

function stub(page, all, say) {
  const refresh = page.elements.find(isRefresh);
  if (!/^0\s*;\s*url=/i.test(refresh.attributes.content ?? '')) say(refresh, 'redirect is not immediate');
  if (!all('a').some(({ attributes }) => attributes.href)) say(refresh, 'redirect without a link to follow');
  if (!all('title').some((title) => text(title))) say(refresh, 'redirect without a title');
}
