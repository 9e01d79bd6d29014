// Prints pages to PDF and measures the paper: GB/T 9704-2012 asks for A4 with a type area of 156 × 225 mm, 22 lines of 28
// characters of size 3, page numbers outside, odd right and even left. Reads the PDF with pdftotext, as anybody would.
// usage: node print.mjs DIR
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from './browser/launch.mjs';
import { serve } from './browser/serve.mjs';
import { directoryArgument, readTree, report, text } from './tree.mjs';

const POINT = 25.4 / 72; // mm
const [LINES, CHARACTERS, HEIGHT, SIZE] = [22, 28, 225, 15.75];
const [TOP, LEFT, RIGHT] = [37, 28, 26];

const dir = resolve(directoryArgument());
const tree = readTree(dir);
const reports = tree.pages.filter(({ kind }) => kind === 'report');
const longest = [...reports].sort((a, b) => letters(b) - letters(a))[0];
const tabled = reports.find(({ path, elements }) => path !== longest.path && elements.some(({ tag }) => tag === 'table'));
const others = ['landing', 'archive'].map((kind) => tree.pages.find((page) => page.kind === kind));
const findings = [];
const folder = mkdtempSync(join(tmpdir(), 'print-'));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
const server = await serve(dir, '/');
try {
  const tab = await browser.newPage();
  for (const page of [longest, tabled, ...others].filter(Boolean)) {
    await tab.goto(`${server.origin}/${page.path}`);
    const file = join(folder, 'page.pdf');
    await tab.pdf({ path: file, preferCSSPageSize: true, tagged: true });
    check(page, read(file), (message) => findings.push(`${page.path}: ${message}`));
    if (page === longest) {
      // Large type is for the screen: paper has one size.
      await tab.click('#large-type');
      await tab.pdf({ path: file, preferCSSPageSize: true });
      check(page, read(file), (message) => findings.push(`${page.path}: in large type: ${message}`));
    }
  }
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
report(findings, `${dir}, printed`);

function letters(page) {
  return text(page.elements.find(({ tag }) => tag === 'main')).length;
}

/** The sheets of a PDF: size and words, all in millimetres from the upper left corner. */
function read(file) {
  const xml = execFileSync('pdftotext', ['-bbox-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const number = (attributes, name) => Number(new RegExp(`${name}="([\\d.-]+)"`).exec(attributes)[1]) * POINT;
  return xml.split('<page ').slice(1).map((page) => ({
    width: number(page, 'width'),
    height: number(page, 'height'),
    words: [...page.matchAll(/<word ([^>]*)>([^<]*)<\/word>/g)].map(([, at, words]) => ({
      left: number(at, 'xMin'), right: number(at, 'xMax'), top: number(at, 'yMin'), bottom: number(at, 'yMax'),
      text: words.replace(/&(amp|lt|gt|quot);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]),
    })),
  }));
}

function check(page, sheets, say) {
  const near = (one, other, by) => Math.abs(one - other) <= by;
  for (const [index, { width, height, words }] of sheets.entries()) {
    const where = `sheet ${index + 1}`;
    if (!near(width, 210, 0.5) || !near(height, 297, 0.5)) say(`${where} is ${width.toFixed(0)} × ${height.toFixed(0)} mm, not A4`);
    const inside = words.filter((word) => word.bottom < TOP + HEIGHT + 3);
    for (const word of inside) if (word.left < LEFT - 1 || word.right > width - RIGHT + 1) say(`${where}: "${word.text}" stands outside the type area`);
    const folio = words.filter((word) => word.top > TOP + HEIGHT + 3);
    if (folio.map((word) => word.text).join(' ').replace(/\s/g, '') !== `—${index + 1}—`) say(`${where} has no page number`);
    else if ((index % 2 === 0) !== folio[0].left > width / 2) say(`${where}: the page number stands on the wrong side`);
  }
  if (page.kind !== 'report') return;
  const all = sheets.flatMap(({ words }) => words.map((word) => word.text)).join('').replace(/\s/g, '');
  const canonical = page.elements.find(({ tag, attributes }) => tag === 'link' && attributes.rel === 'canonical').attributes.href;
  if (!all.includes(canonical)) say('its address is not printed');
  if (!/[0-9a-f]{64}/.test(all)) say('its fingerprint is not printed');
  const published = JSON.parse(readFileSync(join(dir, page.path.replace(/html$/, 'json')), 'utf8')).published;
  if (published && !all.includes(published.slice(0, 10))) say('its date of publication is not printed');
  if (page === longest) measure(sheets, say);
}

/** Lines on a full sheet and characters in a full line, of text that runs over a whole sheet. */
function measure(sheets, say) {
  // A sheet with a table or a picture on it keeps no grid; a heading's font sits a little higher in its line.
  const row = HEIGHT / LINES;
  const even = (found) => found.slice(1).every((line, index) => Math.abs(line.top - found[index].top - row) < 0.5);
  const inner = sheets.slice(1, -1).map(({ words }) => lines(words));
  const grids = inner.filter((found) => found.length > LINES / 2 && even(found));
  if (grids.length < inner.length / 2) return say(`only ${grids.length} of ${inner.length} sheets have lines ${row.toFixed(2)} mm apart`);
  const most = Math.max(...grids.map((found) => found.length));
  if (most !== LINES) say(`${most} lines on a full sheet, not ${LINES}`);
  const full = grids.flat().filter((line) => line.full);
  const counts = new Map();
  for (const { count } of full) counts.set(count, (counts.get(count) ?? 0) + 1);
  const usual = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (usual !== CHARACTERS) say(`${usual} characters in a full line of Han characters, not ${CHARACTERS}`);
  console.log(`${grids.length} full sheets, ${most} lines of ${usual} characters (${full.length} lines of Han characters only)`);
}

function lines(words) {
  const rows = [];
  for (const word of words.filter(({ bottom }) => bottom < TOP + HEIGHT + 3).sort((a, b) => a.top - b.top)) {
    const row = rows.find((one) => Math.abs(one.top - word.top) < 2);
    if (row) row.words.push(word);
    else rows.push({ top: word.top, words: [word] });
  }
  return rows.map(({ top, words: here }) => {
    const [left, right] = [Math.min(...here.map((word) => word.left)), Math.max(...here.map((word) => word.right))];
    const run = here.sort((a, b) => a.left - b.left).map((word) => word.text).join('');
    // Only a line of Han characters from edge to edge can be counted: digits are narrower, punctuation may be squeezed.
    const full = /^\p{Script=Han}+$/u.test(run.replace(/[，。、；：（）《》“”]/g, '')) && right - left > (CHARACTERS - 1.5) * SIZE * POINT;
    return { top, full, count: [...run].length };
  });
}
