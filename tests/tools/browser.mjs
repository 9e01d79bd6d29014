// Opens pages of a built site in Chromium: one of each kind, served under a sub-path, in light, dark, forced colours and
// large type, with axe-core on every view; then without JavaScript, and from the disk.
// Light and large type are looked at in three widths. Dark and forced colours change colours and borders only, which the
// two outer widths show: at 768 pixels they prove nothing more.
// usage: [BROWSER_VIEWS=few] node browser.mjs DIR [PATH…]   (PATH: only these pages)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { choosePages } from './browser/choose.mjs';
import { checkLargeType, turnOn } from './browser/large.mjs';
import { walkKeyboard } from './browser/keyboard.mjs';
import { CHROMIUM, CHROMIUM_FLAGS } from './browser/launch.mjs';
import { findClippedText, findOverflow, findTiringText, widenText } from './browser/layout.mjs';
import { findSmallTargets } from './browser/targets.mjs';
import { serve } from './browser/serve.mjs';
import { directoryArgument, readTree, report } from './tree.mjs';

const WHOLE = {
  light: { widths: [320, 768, 1280], context: { colorScheme: 'light' }, target: 44 },
  dark: { widths: [320, 1280], context: { colorScheme: 'dark' }, target: 44 },
  'forced-colors': { widths: [320, 1280], context: { colorScheme: 'dark', forcedColors: 'active' }, target: 44 },
  'large type': { widths: [320, 768, 1280], context: { colorScheme: 'light' }, target: 60, large: true },
};
// A second theme and the English words: their colours and lengths are new, the layout was looked at in every view before.
const FEW = { light: [320, 1280], dark: [1280], 'large type': [320] };
const SCHEMES = process.env.BROWSER_VIEWS === 'few' ? Object.fromEntries(Object.entries(FEW).map(([name, widths]) => [name, { ...WHOLE[name], widths }])) : WHOLE;
const VIEWS = Object.values(SCHEMES).reduce((sum, { widths }) => sum + widths.length, 0);
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice', 'experimental'];
const dir = resolve(directoryArgument());
// Where the site will be published: 404.html, which is served at any depth, is the one page that knows it.
const PREFIX = new URL(readFileSync(join(dir, 'index.html'), 'utf8').match(/rel="canonical" href="([^"]+)"/)[1]).pathname;
const only = process.argv.slice(3);
const chosen = choosePages(readTree(dir)).filter(({ path }) => only.length === 0 || only.includes(path));
for (const path of only) if (!chosen.some((page) => page.path === path)) chosen.push({ path, why: 'asked for', isStub: false });
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const views = new Map(); // finding → the views that show it
const unsure = new Map(); // axe rule and element → how often axe could not decide
const found = (path, view, message) => {
  const finding = `${path}: ${message}`;
  views.set(finding, [...(views.get(finding) ?? []), view]);
};

const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
const server = await serve(dir, PREFIX);
try {
  console.log(`Chromium ${browser.version()}, ${chosen.length} pages × ${VIEWS} views`);
  for (const page of chosen) console.log(`  ${page.path} (${page.why})`);
  for (const [scheme, options] of Object.entries(SCHEMES)) await inContext(options.context, (tab) => checkViews(tab, scheme, options), options.large ? turnOn : undefined);
  await inContext({}, checkWithoutScriptAndFromDisk);
} finally {
  await browser.close();
  server.close();
}
// Mostly text on gradients, for which tokens.mjs answers, and what only print shows.
const undecided = new Map();
for (const where of unsure.keys()) {
  const [rule, path] = where.split(': ');
  const key = `${rule}: ${path}`;
  undecided.set(key, (undecided.get(key) ?? 0) + 1);
}
for (const [where, count] of undecided) console.log(`note: axe could not decide ${where}, ${count} elements`);
report([...views].map(([finding, where]) => `${finding} [${summarize(where)}]`), `${chosen.length} pages`);

function summarize(where) {
  return where.length >= VIEWS ? 'every view' : `${where.slice(0, 3).join(', ')}${where.length > 3 ? ` and ${where.length - 3} more` : ''}`;
}

async function inContext(options, run, prepare) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  try {
    await prepare?.(context);
    await run(await context.newPage());
  } finally {
    await context.close();
  }
}

async function checkViews(tab, scheme, { widths, target }) {
  for (const page of chosen) {
    if (page.isStub) await followAlias(tab, page, scheme);
    for (const width of widths) {
      const view = `${width} ${scheme}`;
      const say = (message) => found(page.path, view, message);
      await tab.setViewportSize({ width, height: 800 });
      await open(tab, page, `${server.origin}${PREFIX}`, say);
      await runAxe(tab, page.path, say);
      (await tab.evaluate(findOverflow)).forEach(say);
      (await tab.evaluate(findSmallTargets, page.isStub ? 44 : target)).forEach(say);
      if (!page.isStub) [...(await tab.evaluate(findTiringText)), ...(await walkKeyboard(tab))].forEach(say);
      await tab.evaluate(widenText);
      (await tab.evaluate(findOverflow)).forEach((message) => say(`${message}, with wide text spacing`));
      (await tab.evaluate(findClippedText)).forEach(say);
    }
  }
}

/** Opens a page and reports what it says on the console, what it fails to load and what it asks of others. */
async function open(tab, page, root, say) {
  tab.removeAllListeners();
  tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && say(`console: ${message.text().split('\n')[0]}`));
  tab.on('pageerror', (error) => say(`script error: ${error.message}`));
  tab.on('request', (request) => /^(data|blob):/.test(request.url()) || request.url().startsWith(root) || say(`request outside the site: ${request.url()}`));
  // What a page was still loading when the next one was opened is given up, not missing.
  tab.on('requestfailed', (request) => request.failure()?.errorText === 'net::ERR_ABORTED' || say(`not loaded: ${request.url()}: ${request.failure()?.errorText}`));
  tab.on('response', (response) => response.status() >= 400 && say(`HTTP ${response.status()}: ${response.url()}`));
  await tab.unrouteAll();
  // An alias would navigate away at once; it is read with its refresh taken out.
  if (page.isStub) await tab.route(`**/${page.path}`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: readFileSync(join(dir, page.path), 'utf8').replace(/<meta[^>]*http-equiv="?refresh[^>]*>/i, '') }));
  await tab.goto(root + page.path, { waitUntil: 'load', timeout: 20_000 });
}

async function followAlias(tab, page, scheme) {
  tab.removeAllListeners();
  await tab.unrouteAll();
  const start = `${server.origin}${PREFIX}${page.path}`;
  const target = tab.waitForResponse((response) => response.url() !== start && response.request().isNavigationRequest(), { timeout: 5_000 });
  await tab.goto(start, { waitUntil: 'commit' });
  const response = await target.catch(() => null);
  await tab.waitForLoadState('load');
  if (response?.status() !== 200) found(page.path, scheme, `alias leads to ${response ? `${response.status()} ${response.url()}` : 'nowhere'}`);
}

async function runAxe(tab, path, say) {
  await tab.evaluate(axeSource);
  const { violations, incomplete } = await tab.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations', 'incomplete'] }), AXE_TAGS);
  for (const { id, help, nodes } of violations) for (const node of nodes) say(`axe ${id}: ${help}: ${node.target.join(' ')}: ${node.html.slice(0, 120).replace(/\s+/g, ' ')}`);
  for (const { id, nodes } of incomplete) {
    for (const { target } of nodes) {
      const where = `${id}: ${path}: ${target.join(' ')}`;
      unsure.set(where, (unsure.get(where) ?? 0) + 1);
    }
  }
}

/** The text is the same with and without JavaScript, and under file://. */
async function checkWithoutScriptAndFromDisk(tab) {
  const disk = `${pathToFileURL(dir).href}/`;
  await inContext({ javaScriptEnabled: false }, async (plain) => {
    for (const page of chosen.filter(({ isStub }) => !isStub)) {
      const read = async (reader, root, view) => {
        await open(reader, page, root, (message) => found(page.path, view, message));
        return reader.evaluate(() => ({ words: document.body.innerText, sheets: document.styleSheets.length, font: getComputedStyle(document.querySelector('h1') ?? document.body).fontSize }));
      };
      (await checkLargeType(tab, plain, `${server.origin}${PREFIX}${page.path}`)).forEach((message) => found(page.path, '1280 light', message));
      const served = await read(tab, `${server.origin}${PREFIX}`, 'with JavaScript');
      const scriptless = await read(plain, `${server.origin}${PREFIX}`, 'without JavaScript');
      if (page.path === '404.html') continue; // no disk serves it
      const fromDisk = await read(tab, disk, 'from disk');
      if (scriptless.words !== served.words) found(page.path, 'without JavaScript', `text differs without JavaScript: ${firstDifference(served.words, scriptless.words)}`);
      if (fromDisk.words !== served.words) found(page.path, 'from disk', `text differs from disk: ${firstDifference(served.words, fromDisk.words)}`);
      if (served.sheets === 0) found(page.path, 'with JavaScript', 'no style sheet is applied');
      if (fromDisk.sheets !== served.sheets || fromDisk.font !== served.font) found(page.path, 'from disk', 'looks different from disk');
    }
  });
}

function firstDifference(one, other) {
  const [left, right] = [one.split('\n'), other.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return at < 0 ? `${right.length - left.length} lines more` : `"${left[at]?.slice(0, 60)}" and "${right[at]?.slice(0, 60)}"`;
}
