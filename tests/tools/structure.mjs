// What a reader who hears a page, or looks at its links and tables one by one, needs and no public checker asks: axe and vnu
// say nothing about a table without row headers or a bold line that plays a heading.
import { text } from './tree.mjs';

const VAGUE = /^(更多|查看|查看更多|查看详情|详情|点击|点击这里|点此|这里|此处|下载|链接|more|read more|here|click here|link|download|details|view)[.。>›»\s]*$/i;
const FILE_NAME = /^\S+\.(png|jpe?g|gif|svg|webp|bmp|tiff?)$/i;
const ORDINAL = /^([一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[.．、])/;
const FOCUSABLE = ({ tag, attributes }) => (tag === 'a' && attributes.href !== undefined) || ['button', 'input', 'select', 'textarea', 'summary'].includes(tag) || attributes.tabindex === '0';

export function checkStructure(page, all, say) {
  all('a').forEach((link) => checkLink(link, say));
  sameWords(page, all, say);
  all('img').forEach((image) => checkImage(image, say));
  all('p').forEach((paragraph) => checkParagraph(paragraph, say));
  all('table').forEach((table) => checkReading(table, page, say));
  for (const mark of page.elements.filter(({ attributes }) => attributes.class === 'mark')) if (!text(mark)) say(mark, 'status without words');
  if (!page.isStub) landmarks(page, all, say);
}

/** What a link is called: its label, or its words and the alternatives of its pictures. */
function name(link) {
  if (link.attributes['aria-label']) return link.attributes['aria-label'];
  const pictures = (element) => element.children.flatMap((child) => (child.tag === 'img' ? [child.attributes.alt ?? ''] : pictures(child)));
  return [text(link), ...pictures(link)].join(' ').trim();
}

/** WCAG 2.4.4 and 2.4.9: the words of a link say where it leads. */
function checkLink(link, say) {
  if (link.attributes.href === undefined) return;
  const words = name(link);
  if (!words) say(link, `link without words: ${link.attributes.href}`);
  else if (VAGUE.test(words)) say(link, `link does not say where it leads: ${words}`);
}

/** WCAG 2.4.9: on one page, equal words lead to one place. */
function sameWords(page, all, say) {
  const targets = new Map();
  for (const link of all('a').filter(({ attributes }) => attributes.href !== undefined)) {
    const words = name(link);
    const known = targets.get(words);
    if (known !== undefined && known !== link.attributes.href) say(link, `"${words}" leads to ${known} and to ${link.attributes.href}`);
    targets.set(words, link.attributes.href);
  }
}

function checkImage(image, say) {
  const { alt } = image.attributes;
  if (alt === undefined) say(image, 'picture without an alternative');
  else if (FILE_NAME.test(alt)) say(image, `the alternative of a picture is a file name: ${alt}`);
}

/** A paragraph that is bold from end to end and numbered like a heading should be one. */
function checkParagraph(paragraph, say) {
  const [only] = paragraph.children;
  if (paragraph.children.length === 1 && ['strong', 'b'].includes(only.tag) && text(only) === text(paragraph) && ORDINAL.test(text(only))) say(paragraph, `bold paragraph in place of a heading: ${text(only).slice(0, 20)}`);
}

/** A table: in a box that scrolls and has the caption's name; every row named; every row as long as the head. */
function checkReading(table, page, say) {
  const box = table.parent;
  const caption = table.children.find(({ tag }) => tag === 'caption');
  if (box.attributes.role !== 'region' || box.attributes.tabindex !== '0') say(table, 'table is not in a region that the keyboard can scroll');
  else if (!caption || ![caption.attributes.id, caption.parent.attributes.id].includes(box.attributes['aria-labelledby'])) say(table, 'the region of a table is not named by its caption');
  const rows = (section) => table.children.filter(({ tag }) => tag === section).flatMap(({ children }) => children.filter(({ tag }) => tag === 'tr'));
  const head = rows('thead').at(-1);
  if (!head) return say(table, 'table without a head');
  const span = (cell, of) => Number(cell.attributes[of] ?? 1);
  const width = head.children.reduce((sum, cell) => sum + span(cell, 'colspan'), 0);
  let hanging = []; // cells of earlier rows that reach down into this one
  for (const row of rows('tbody')) {
    const cells = row.children;
    const [first] = cells;
    const named = cells.some(({ tag, attributes }) => tag === 'th' && attributes.scope === 'row');
    const number = (cell) => /^[\d.,%+\-−–—/ ‰~]*$/.test(text(cell));
    if (width > 1 && !named && first && !number(first)) say(row, `row without a header: ${text(first).slice(0, 20)}`);
    const length = cells.reduce((sum, cell) => sum + span(cell, 'colspan'), 0) + hanging.reduce((sum, cell) => sum + cell.width, 0);
    if (length !== width) say(row, `row of ${length} cells under a head of ${width}`);
    hanging = [...hanging, ...cells.map((cell) => ({ width: span(cell, 'colspan'), rows: span(cell, 'rowspan') }))].map((cell) => ({ ...cell, rows: cell.rows - 1 })).filter((cell) => cell.rows > 0);
  }
}

/** WCAG 1.3.1, 2.4.1, 2.4.8, 3.2.3: the same frame on every page, each part of it with a name of its own. */
function landmarks(page, all, say) {
  const [body] = all('body');
  const frame = body.children.map(({ tag, attributes }) => (tag === 'nav' || tag === 'a' ? `${tag}.${attributes.class}` : tag)).join(' ');
  if (!/^a\.skip (aside )?header (nav\.crumbs )?main footer$/.test(frame)) say(body, `the frame of the page is: ${frame}`);
  const first = page.elements.find((element) => FOCUSABLE(element) && !['head'].includes(element.parent?.tag));
  if (first?.attributes.href !== '#main') say(first ?? body, 'the first thing that can be reached is no skip link');
  const names = new Set();
  for (const nav of all('nav', 'aside')) {
    const label = nav.attributes['aria-label'];
    if (!label) say(nav, `${nav.tag} without a name`);
    else if (names.has(label)) say(nav, `two landmarks are called ${label}`);
    names.add(label);
  }
  const crumbs = all('nav').find(({ attributes }) => attributes.class === 'crumbs');
  if (crumbs) {
    const steps = crumbs.children[0]?.tag === 'ol' ? crumbs.children[0].children : [];
    const last = steps.at(-1)?.children[0];
    if (last?.attributes['aria-current'] !== 'page' || last.tag === 'a') say(crumbs, 'the last step of the breadcrumb is not this page');
  } else say(body, 'no breadcrumb');
}
