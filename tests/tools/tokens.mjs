// The colours of every style sheet, pair by pair: what no browser check decides where text stands on a gradient. Text and
// links have 7 : 1 on every ground (WCAG 1.4.6), borders of controls, marks and focus 3 : 1 (1.4.11), in light and dark.
// And the weight of what a reader must load before the first line can be read.
// usage: node tokens.mjs DIR
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { directoryArgument, readTree, report } from './tree.mjs';

const GROUNDS = ['paper', 'band', 'light'];
const TEXTS = ['ink', 'quiet', 'blue', 'red'];
const SHAPES = ['edge', 'blue', 'red', 'bar'];
const MOST_WEIGHT = 14 * 1024; // what fits into the first round trip (RFC 6928: ten segments)

const dir = directoryArgument();
const tree = readTree(dir);
const findings = [];
const sheets = [...tree.files].filter((path) => path.endsWith('.css'));
// The default sheet first: another theme's sheet is laid over it, and its dark tokens over its light ones.
const order = sheets.sort((a, b) => Number(b.includes('assets/style.')) - Number(a.includes('assets/style.')));
const light = {};
const dark = {};
for (const path of order) {
  const css = readFileSync(join(dir, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const screen = css.split('@media print')[0];
  const night = /@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([\s\S]*?)\}/.exec(screen)?.[1] ?? '';
  const day = /:root \{([\s\S]*?)\}/.exec(screen)?.[1] ?? '';
  const read = (block) => Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\s*;/gi)].map(([, name, value]) => [name, value]));
  Object.assign(light, read(day));
  Object.assign(dark, read(day), read(night));
}
let pairs = 0;
for (const [scheme, tokens] of Object.entries({ light, dark })) {
  for (const [names, least] of [[TEXTS, 7], [SHAPES, 3]]) {
    for (const name of names) {
      for (const ground of GROUNDS) {
        if (!tokens[name] || !tokens[ground]) findings.push(`${scheme}: no token --${tokens[name] ? ground : name}`);
        else if (contrast(tokens[name], tokens[ground]) < least) findings.push(`${scheme}: --${name} on --${ground} has ${contrast(tokens[name], tokens[ground]).toFixed(2)} : 1, less than ${least}`);
        pairs += 1;
      }
    }
  }
}
weigh();
report(findings, `${pairs} pairs of colours`);

function luminance(colour) {
  const hex = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join('') : colour.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

/** Style sheets, script and everything of a report's page but its body, compressed one by one as a server sends them. */
function weigh() {
  const weight = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const assets = [...tree.files].filter((path) => /\.(css|js)$/.test(path)).map((path) => weight(readFileSync(join(dir, path)))).reduce((sum, one) => sum + one, 0);
  let most = { chrome: 0 };
  for (const { path } of tree.pages.filter(({ kind }) => kind === 'report')) {
    const html = readFileSync(join(dir, path), 'utf8');
    const body = /<div class="prose">[\s\S]*(?=<\/article>)/.exec(html)?.[0] ?? '';
    const chrome = weight(html.replace(body, ''));
    if (chrome > most.chrome) most = { chrome, path };
  }
  console.log(`style sheets and script ${assets} bytes, report chrome ${most.chrome} bytes compressed (${most.path})`);
  if (assets + most.chrome > MOST_WEIGHT) findings.push(`style sheets, script and report chrome have ${assets + most.chrome} bytes compressed, more than ${MOST_WEIGHT}`);
}
