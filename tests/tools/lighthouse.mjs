// Lighthouse on the landing page, a year's page and a report's page, as an old phone sees them: every category must be at
// 100, nothing may move while the page loads, and no request may leave the site.
// usage: node lighthouse.mjs DIR [PATH…]   (PATH: only these pages)
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from './browser/launch.mjs';
import { serve } from './browser/serve.mjs';
import { directoryArgument, readTree, report, text } from './tree.mjs';

const PORT = 9333 + (process.pid % 500);
// What a loopback server over plain HTTP cannot show; the web server decides it, not the page.
const SERVER = ['is-on-https', 'redirects-http', 'uses-http2', 'uses-text-compression', 'document-latency-insight', 'cache-insight', 'uses-long-cache-ttl'];

const dir = resolve(directoryArgument());
const { pages } = readTree(dir);
const letters = (page) => text(page.elements.find(({ tag }) => tag === 'main')).length;
const first = (kind) => pages.filter((page) => page.kind === kind).sort((a, b) => letters(b) - letters(a))[0]?.path;
const chosen = process.argv.length > 3 ? process.argv.slice(3) : ['landing', 'year', 'report'].map(first);
// The missing page answers for addresses that do not exist; Lighthouse asks for /robots.txt at the root of the host.
const prefix = new URL(readFileSync(join(dir, 'index.html'), 'utf8').match(/rel="canonical" href="([^"]+)"/)[1]).pathname;
const findings = [];
const server = await serve(dir, prefix);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS, `--remote-debugging-port=${PORT}`] });
try {
  for (const path of chosen) {
    const address = `${server.origin}${prefix}${path}`;
    const { lhr } = await lighthouse(address, { port: PORT, logLevel: 'error', output: 'json' });
    const say = (message) => findings.push(`${path}: ${message}`);
    if (lhr.runtimeError) say(`Lighthouse: ${lhr.runtimeError.message}`);
    const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]);
    console.log(`${path}: ${scores.map(([id, score]) => `${id} ${score}`).join(', ')}, shift ${lhr.audits['cumulative-layout-shift'].numericValue}, first paint ${Math.round(lhr.audits['first-contentful-paint'].numericValue)} ms`);
    for (const category of Object.values(lhr.categories)) {
      const lost = category.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1 && !SERVER.includes(id));
      if (category.score < 1) say(`${category.id} is at ${Math.round(category.score * 100)}: ${lost.map(({ id }) => `${id} (${lhr.audits[id].title})`).join('; ')}`);
    }
    if (lhr.audits['cumulative-layout-shift'].numericValue > 0) say(`layout shift ${lhr.audits['cumulative-layout-shift'].numericValue}`);
    const requests = lhr.audits['network-requests'].details.items.map(({ url }) => url);
    for (const url of requests.filter((one) => !one.startsWith(server.origin) && !/^data:/.test(one))) say(`request outside the site: ${url}`);
  }
} finally {
  await browser.close();
  server.close();
}
report(findings, `Lighthouse on ${chosen.length} pages`);
