// How long after a save a browser shows it: `sunlit preview` and `hugo server` on the same reports, in the same run. The title
// of one report is changed; the report's page and the list of its year must show it, over HTTP and in the DOM of Chromium.
// With --soak MINUTES instead: edits without end, and what the preview's memory does meanwhile.
// usage: node preview.mjs --report YEAR/ID --sunlit PROGRAM PORTAL [--hugo PROGRAM SITE] [--rounds N] [--hugo-rounds N]
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CHROMIUM, CHROMIUM_FLAGS } from '../../tests/tools/browser/launch.mjs';

const tools = createRequire(fileURLToPath(new URL('../../tests/tools/package.json', import.meta.url)));
const option = (name, count = 1) => {
  const at = process.argv.indexOf(name);
  const values = at < 0 ? [] : process.argv.slice(at + 1, at + 1 + count);
  return count === 1 ? values[0] : values;
};
const report = option('--report');
const year = report.split('/')[0];
const rounds = Number(option('--rounds') ?? 20);
const agent = new http.Agent({ keepAlive: true });
const now = () => performance.timeOrigin + performance.now();
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
let number = 0;

const get = (url) =>
  new Promise((done) => {
    http
      .get(url, { agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => done({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
        answer.on('error', () => done({ status: 0, text: '' }));
      })
      .on('error', () => done({ status: 0, text: '' }));
  });

async function start(name, program, args, root, url, pages) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (words) => (said = (said + words).slice(-2000)));
  const began = now();
  for (;;) {
    const found = [];
    for (const page of pages) found.push((await get(url + page)).status);
    const at = found.indexOf(200);
    if (at >= 0) return { name, child, root, url, list: pages[at], started: now() - began };
    if (child.exitCode !== null || now() - began > 600_000) throw new Error(`${name} does not start: ${said}`);
    await wait(50);
  }
}

/** Changes the title, by the same write to the same file for everyone. Gives what must be seen, and when it was saved. */
function save(server) {
  number += 1;
  const file = join(server.root, 'content', `${report}.md`);
  const text = readFileSync(file, 'utf8').replace(/^title: .*$/m, (line) => line.replace(/情况第\d+号|(?=年度报告)/, `情况第${number}号`));
  const at = now();
  writeFileSync(file, text);
  return { words: `情况第${number}号`, at };
}

async function overHttp(server, page) {
  const { words, at } = save(server);
  for (;;) {
    const { text } = await get(server.url + page);
    // What the preview itself says of the file may quote it before the page shows it.
    if (text.split('<div id="sunlit-preview"')[0].includes(words)) return now() - at;
    await wait(1);
  }
}

async function inBrowser(server, page, count) {
  const { chromium } = tools('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  const context = await browser.newContext();
  let told = () => {};
  await context.exposeBinding('seen', (_, words, at) => told(words, at));
  await context.addInitScript(() => {
    let last = '';
    const look = () => {
      const found = document.querySelector('main')?.textContent.match(/情况第\d+号/)?.[0];
      if (found && found !== last) window.seen((last = found), performance.timeOrigin + performance.now());
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const tab = await context.newPage();
  await tab.goto(server.url + page, { waitUntil: 'load' });
  await wait(1500);
  const times = [];
  for (let round = 0; round < count; round += 1) {
    let saved;
    const shown = new Promise((done) => (told = (words, at) => words === saved?.words && done(at)));
    saved = save(server);
    times.push((await shown) - saved.at);
    await wait(400);
  }
  await browser.close();
  return times;
}

async function measure(server, count) {
  const page = `${report}.html`;
  const times = { page: [], list: [] };
  await overHttp(server, page);
  await wait(500);
  for (let round = 0; round < count; round += 1) {
    for (const [what, path] of [['page', page], ['list', server.list]]) {
      times[what].push(await overHttp(server, path));
      await wait(300);
    }
  }
  const dom = { page: await inBrowser(server, page, count), list: await inBrowser(server, server.list, count) };
  return { page: times.page, list: times.list, 'page in the browser': dom.page, 'list in the browser': dom.list };
}

const memory = (child) => Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

async function soak(server, minutes) {
  const began = now();
  const lines = [];
  let edits = 0;
  for (let minute = 0; minute <= minutes; minute += 1) {
    while (now() - began < minute * 60_000) {
      await overHttp(server, `${report}.html`);
      await get(server.url + server.list);
      edits += 1;
    }
    lines.push(memory(server.child));
    console.log(`${minute} min: ${edits} edits, ${lines.at(-1).toFixed(1)} MB`);
  }
  console.log(`memory after the first minute ${lines[Math.min(1, lines.length - 1)].toFixed(1)} MB, at the end ${lines.at(-1).toFixed(1)} MB`);
}

const [program, portal] = option('--sunlit', 2);
const [hugoProgram, hugoSite] = option('--hugo', 2);
const lists = [`${year}/`, `${year}.html`, `${year}/index.html`];
const sunlit = await start('sunlit', program, ['--lang', 'en', 'preview', '--port', '4901'], portal, 'http://127.0.0.1:4901/', lists);
const minutes = Number(option('--soak') ?? 0);
if (minutes > 0) {
  await soak(sunlit, minutes);
  sunlit.child.kill('SIGINT');
  process.exit(0);
}
const ours = await measure(sunlit, rounds);
console.log(`sunlit preview: ready after ${(sunlit.started / 1000).toFixed(2)} s, ${memory(sunlit.child).toFixed(0)} MB`);
sunlit.child.kill('SIGINT');
let theirs;
if (hugoProgram) {
  const args = ['server', '--bind', '127.0.0.1', '--port', '4902', '--baseURL', 'http://127.0.0.1/', '--disableFastRender=false'];
  const hugo = await start('hugo', hugoProgram, args, hugoSite, 'http://127.0.0.1:4902/', lists);
  theirs = await measure(hugo, Number(option('--hugo-rounds') ?? Math.min(rounds, 3)));
  console.log(`hugo server: ready after ${(hugo.started / 1000).toFixed(2)} s, ${memory(hugo.child).toFixed(0)} MB`);
  hugo.child.kill('SIGINT');
}
console.log('\n| from the save until | sunlit preview | worst | hugo server | ratio |\n|---|---:|---:|---:|---:|');
const ms = (value) => (value === undefined ? '–' : `${value.toFixed(value < 100 ? 1 : 0)} ms`);
for (const [what, times] of Object.entries(ours)) {
  const [us, them] = [median(times), theirs && median(theirs[what])];
  console.log(`| ${what} | ${ms(us)} | ${ms(Math.max(...times))} | ${ms(them)} | ${them ? (them / us).toFixed(0) : '–'} |`);
}
process.exit(0);
