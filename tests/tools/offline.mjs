// Opens every page of archives in Chromium from the disk, with no way out to the network: nothing on the console, no request
// that fails or leaves the disk, the style sheet in force. Then shows that it can fail: a copy without its style sheet must
// be found.
// usage: node offline.mjs DIR     (DIR holds bags: BAG/data/site/index.html)
import { cpSync, mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from './browser/launch.mjs';
import { readTree } from './tree.mjs';

const dir = resolve(process.argv[2] ?? '.');
const sites = readdirSync(dir).map((name) => join(dir, name, 'data', 'site'));
if (sites.length === 0) throw new Error(`${dir}: no archive in it`);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });

/** What goes wrong when every page of a site is opened. */
async function walk(site) {
  const findings = [];
  const { pages } = readTree(site);
  const tab = await (await browser.newContext()).newPage();
  let here = '';
  const found = (message) => findings.push(`${here}: ${message}`);
  tab.on('console', (message) => found(`console: ${message.text()}`));
  tab.on('pageerror', (error) => found(`script: ${error.message}`));
  tab.on('requestfailed', (request) => found(`request failed: ${request.url()}`));
  tab.on('request', (request) => /^(file|data):/.test(request.url()) || found(`request leaves the disk: ${request.url()}`));
  for (const { path, isStub } of pages) {
    here = path;
    await tab.goto(pathToFileURL(join(site, path)).href, { waitUntil: 'load' });
    if (isStub) await tab.waitForURL((url) => !url.href.endsWith(path));
    const { sheets, words } = await tab.evaluate(() => ({ sheets: document.styleSheets.length, words: document.body.innerText.length }));
    if (sheets === 0) found('no style sheet is in force');
    if (words < 20) found('the page is empty');
  }
  await tab.context().close();
  return { pages: pages.length, findings };
}

const findings = [];
for (const site of sites) {
  const walked = await walk(site);
  console.log(`${site}: ${walked.pages} pages from the disk`);
  findings.push(...walked.findings);
}
const copy = mkdtempSync(join(tmpdir(), 'offline-'));
try {
  cpSync(sites[0], copy, { recursive: true });
  for (const name of readdirSync(join(copy, 'assets')).filter((name) => name.endsWith('.css'))) unlinkSync(join(copy, 'assets', name));
  const walked = await walk(copy);
  if (walked.findings.length < walked.pages) findings.push('a site without its style sheet was not found');
} finally {
  rmSync(copy, { recursive: true });
  await browser.close();
}
findings.forEach((finding) => console.log(finding));
console.log(`${findings.length} findings`);
process.exitCode = findings.length ? 1 : 0;
