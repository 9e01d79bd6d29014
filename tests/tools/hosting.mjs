// The demonstration behind nginx and Caddy with the snippets that `sunlit hosting` prints: one page of each kind in Chromium
// violates no Content-Security-Policy and loads everything it asks for; and `_headers`, read by Netlify's own parser, says what
// the servers say. First a page with an inline script must be caught.
// usage: node hosting.mjs ROOT SUNLIT   (ROOT: the repository)
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseAllHeaders } from '@netlify/headers-parser';
import { chromium } from 'playwright-core';
import { choosePages } from './browser/choose.mjs';
import { CHROMIUM, CHROMIUM_FLAGS } from './browser/launch.mjs';
import { readTree, report } from './tree.mjs';

const [root, sunlit] = [resolve(process.argv[2] ?? '.'), resolve(process.argv[3] ?? 'target/release/sunlit')];
const home = mkdtempSync(join(tmpdir(), 'sunlit-hosting-'));
const out = join(home, 'public');
const BASE = '/zwgk/ndbg/';
const findings = [];

const run = (...words) => {
  const done = spawnSync(sunlit, ['--root', join(home, 'portal'), ...words], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`sunlit ${words.join(' ')}: ${done.stderr}`);
  return done.stdout;
};

function portal() {
  const parts = ['content', 'themes', 'ledger.jsonl', 'sealed', 'site.yaml'];
  for (const part of parts) cpSync(join(root, part), join(home, 'portal', part), { recursive: true });
  const site = join(home, 'portal/site.yaml');
  writeFileSync(site, `${readFileSync(site, 'utf8')}\nhosting: {files: [headers], precompress: [gz]}\n`);
  run('build', '--as-of', '2026-11-01', '-o', out);
  const page = readFileSync(join(out, 'archive.html'), 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  writeFileSync(join(out, 'planted.html'), page.replace('</main>', '<script>document.title = "planted"</script></main>'));
}

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)); });
});
const answers = (port) => new Promise((done) => {
  const socket = connect(port, '127.0.0.1').on('connect', () => { socket.destroy(); done(true); }).on('error', () => done(false));
});

async function start(name) {
  const port = await freePort();
  const folder = mkdtempSync(join(home, `${name}-`));
  const snippet = join(folder, 'section');
  writeFileSync(snippet, run('hosting', name, '-o', out));
  const config = join(folder, 'config');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  writeFileSync(config, name === 'nginx'
    ? `daemon off; master_process off; pid ${folder}/pid; error_log stderr; events {}\nhttp { access_log off; ${temporary}\nserver { listen 127.0.0.1:${port}; include ${snippet}; } }\n`
    : `{\n\tadmin off\n\tauto_https off\n}\nhttp://127.0.0.1:${port} {\n\timport ${snippet}\n}\n`);
  const words = name === 'nginx' ? ['-e', 'stderr', '-c', config] : ['run', '--adapter', 'caddyfile', '--config', config];
  const child = spawn(name, words, { stdio: 'ignore', env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
  child.on('error', (error) => findings.push(`${name}: ${error.message}`));
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`${name} does not start`);
    await wait(100);
  }
  return { name, child, origin: `http://127.0.0.1:${port}` };
}

async function visit(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && seen.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => seen.push(error.message));
  page.on('requestfailed', (request) => seen.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.error(`${violatedDirective} forbids ${blockedURI}`)));
  const answer = await page.goto(url, { waitUntil: 'networkidle' });
  const styled = await page.evaluate(() => [...document.styleSheets].some((sheet) => sheet.href && sheet.cssRules.length > 0));
  const kind = await page.evaluate(() => document.body.dataset.kind);
  await context.close();
  return { status: answer?.status(), seen, styled, kind };
}

const PATHS = ['', 'index.html', '2024/', 'atom.xml', 'feed.json', 'data/reports.csv', 'data/reports.json'];

/** `_headers` by Netlify's parser, applied to a path: every rule that fits, a star for the rest. */
async function toldByFile(file, path) {
  const { headers, errors } = await parseAllHeaders({ headersFiles: [file], configHeaders: [], minimal: true });
  for (const error of errors) findings.push(`_headers: ${error.message}`);
  const fits = (pattern) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern);
  return Object.assign({}, ...headers.filter(({ for: pattern }) => fits(pattern)).map(({ values }) => values));
}

async function compareHeaders({ name, origin }) {
  const printed = join(home, 'printed');
  writeFileSync(printed, run('hosting', 'headers'));
  const style = [...readTree(out).files].find((path) => path.endsWith('.css'));
  for (const path of [...PATHS, style]) {
    const answer = await fetch(`${origin}${BASE}${path}`);
    for (const [file, at] of [[printed, `${BASE}${path}`], [join(out, '_headers'), `/${path}`]]) {
      const told = await toldByFile(file, at);
      if (Object.keys(told).length < 5) findings.push(`${file}: ${at} is told ${Object.keys(told)}`);
      for (const [header, value] of Object.entries(told)) {
        if (answer.headers.get(header) !== value) findings.push(`${name}, ${path}: ${header} is ${answer.headers.get(header)}, _headers says ${value}`);
      }
    }
  }
}

const servers = [];
let browser;
try {
  portal();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  const pages = choosePages(readTree(out)).filter(({ path }) => path !== 'planted.html');
  for (const name of ['nginx', 'caddy']) {
    const server = await start(name);
    servers.push(server);
    const planted = await visit(browser, `${server.origin}${BASE}planted.html`);
    if (!planted.seen.some((line) => line.includes('script-src'))) findings.push(`planted, and not found: an inline script (${name})`);
    for (const { path, why, isStub } of [...pages, { path: 'nothing/here.html', why: 'missing' }]) {
      const missing = path === '404.html' || why === 'missing';
      const { status, seen, styled, kind } = await visit(browser, `${server.origin}${BASE}${path}`);
      const say = (what) => findings.push(`${name}, ${path}: ${what}`);
      // Chromium tells of a page with status 404 as of a failed load; that is the page asked for.
      for (const line of seen) if (!(missing && line.includes('404 (Not Found)'))) say(line);
      if (status !== (missing ? 404 : 200)) say(`status ${status}`);
      if (!isStub && !styled) say('without its style sheet');
      if (missing && kind !== 'not-found') say(`is a page of kind ${kind}`);
    }
    await compareHeaders(server);
  }
  console.log(`Chromium ${browser.version()}, ${pages.length + 1} pages behind each of ${servers.map(({ name }) => name).join(', ')}`);
} finally {
  await browser?.close();
  for (const { child } of servers) child.kill();
  if (existsSync(home)) rmSync(home, { recursive: true, force: true });
}
report(findings, 'nginx, Caddy and _headers');
