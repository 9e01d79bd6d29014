// `sunlit preview` in a real browser: an edit is seen with the place in the text kept, a style sheet changes without a
// reload, an error lies over the page and goes, the panel is usable by keyboard and clean for axe-core.
// usage: node preview.mjs PORTAL SUNLIT   (PORTAL is copied, never written to)
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from './browser/launch.mjs';
import { report } from './tree.mjs';

const [portal, sunlit] = process.argv.slice(2).map((path) => resolve(path));
const work = mkdtempSync(join(tmpdir(), 'sunlit-preview-'));
for (const part of ['site.yaml', 'content']) cpSync(join(portal, part), join(work, part), { recursive: true });
const findings = [];
const expect = (held, what) => {
  if (!held) findings.push(what);
};
const file = (below) => join(work, below);
const read = (below) => readFileSync(file(below), 'utf8');
// As editors save: beside it, and renamed over it.
const save = (below, text) => {
  writeFileSync(file(`${below}.tmp~`), text);
  renameSync(file(`${below}.tmp~`), file(below));
};
const edit = (below, from, to) => {
  const text = read(below);
  if (!text.includes(from)) throw new Error(`${below} has no ${from}`);
  save(below, text.replaceAll(from, to));
};

const REPORT = 'content/2024/a-bureau.md';
const long = Array.from({ length: 60 }, (_, n) => `第${n + 1}段写明全年工作的一个方面，供滚动位置的检查使用。`).join('\n\n');
edit(REPORT, '## 四、', `${long}\n\n## 四、`);

const program = spawn(sunlit, ['--root', work, '--lang', 'zh-CN', 'preview', '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
const url = await new Promise((done, failed) => {
  let said = '';
  program.stderr.on('data', (words) => {
    said += words;
    const found = said.match(/http:\/\/[^ ]+\//);
    if (found && said.includes('Ctrl-C')) done(found[0]);
  });
  program.on('exit', () => failed(new Error(said)));
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
try {
  await look();
} finally {
  await browser.close();
  program.kill('SIGINT');
  rmSync(work, { recursive: true, force: true });
}
report(findings, 'the preview');

async function look() {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1000, height: 700 } });
  const tab = await context.newPage();
  tab.on('pageerror', (error) => findings.push(`a page fails: ${error.message}`));
  tab.on('console', (line) => line.type() === 'error' && !/50[03]|404/.test(line.text()) && findings.push(`the console says: ${line.text()}`));
  await tab.goto(`${url}2024/a-bureau.html`);
  // Whatever is kept here is gone after a reload.
  await tab.evaluate(() => (window.kept = 'kept'));
  const shows = (words, what) => tab.waitForFunction((w) => document.querySelector('main')?.textContent.includes(w), words, { timeout: 10_000 }).catch(() => findings.push(`${what}: ${words} does not appear`));
  const stays = async (what) => expect((await tab.evaluate(() => window.kept)) === 'kept', `${what}: the page was loaded anew`);

  await tab.evaluate(() => {
    scrollTo(0, 1200);
    document.querySelector('#sunlit-preview summary').focus({ preventScroll: true });
  });
  const before = await tab.evaluate(() => scrollY);
  edit(REPORT, '评查案卷60卷', '评查案卷61卷');
  await shows('评查案卷61卷', 'an edit');
  expect((await tab.evaluate(() => scrollY)) === before && before > 1000, 'an edit: the place in the text is lost');
  expect(await tab.evaluate(() => document.activeElement?.nodeName === 'SUMMARY'), 'an edit: the focus is lost');
  await stays('an edit');
  edit(REPORT, '甲局2024年法治政府建设年度报告', '甲局2024年改名的报告');
  await tab.waitForFunction(() => document.title.includes('改名的报告'), null, { timeout: 10_000 }).catch(() => findings.push('the title of the window does not change'));
  await shows('甲局2024年改名的报告', 'a title');

  const list = await context.newPage();
  await list.goto(`${url}2024/`);
  const answers = [];
  list.on('response', (answer) => answers.push(answer.headers()['content-type'] ?? ''));
  edit(REPORT, '甲局2024年改名的报告', '甲局2024年又改名的报告');
  await list.waitForFunction(() => document.querySelector('main').textContent.includes('又改名'), null, { timeout: 10_000 }).catch(() => findings.push('the list does not show the new title'));
  expect(answers.includes('application/json') && !answers.some((type) => type.startsWith('text/html')), `a list gets more than what has changed: ${answers}`);
  await list.waitForFunction(() => document.querySelector('#sunlit-preview').dataset.tick === document.documentElement.dataset.sunlit, null, { timeout: 10_000 });
  const body = () => [...document.body.children].filter((node) => node.id !== 'sunlit-preview').map((node) => node.outerHTML).join('\n');
  const put = await list.evaluate(body);
  const anew = await context.newPage();
  await anew.goto(`${url}2024/`);
  expect(put === (await anew.evaluate(body)), 'a list into which a change was put is not the list that is loaded anew');
  await anew.close();
  // What somebody else put into the page is no reason to show something wrong.
  await list.evaluate(() => document.body.prepend(document.createElement('div')));
  edit(REPORT, '甲局2024年又改名的报告', '甲局2024年再改名的报告');
  await list.waitForFunction(() => document.querySelector('main').textContent.includes('再改名'), null, { timeout: 10_000 }).catch(() => findings.push('a page that was changed by others does not follow'));
  await list.close();

  const colour = () => tab.evaluate(() => getComputedStyle(document.querySelector('h1')).color);
  mkdirSync(file('themes/own/static'), { recursive: true });
  const css = (red) => writeFileSync(file('themes/own/static/style.css'), `h1{color:rgb(${red},2,3)} main{min-height:3000px}`);
  css(1);
  edit('site.yaml', 'theme: default', 'theme: own');
  await tab.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)', null, { timeout: 10_000 }).catch(async () => findings.push(`a theme: the colour is ${await colour()}`));
  css(9);
  await tab.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color === 'rgb(9, 2, 3)', null, { timeout: 10_000 }).catch(async () => findings.push(`a style: the colour is ${await colour()}`));
  await stays('a style');
  edit('site.yaml', 'theme: own', 'theme: default');
  await tab.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color !== 'rgb(9, 2, 3)', null, { timeout: 10_000 }).catch(() => findings.push('the old theme does not come back'));

  const text = read(REPORT);
  save(REPORT, text.replace('kind: rule-of-law', 'kind: ['));
  const sheet = tab.locator('#sunlit-overlay');
  await sheet.waitFor({ state: 'visible', timeout: 10_000 }).catch(() => findings.push('an error is not shown'));
  expect((await sheet.textContent()).includes('妨碍生成'), 'an error is not in the reader\'s language');
  expect((await tab.locator('main').textContent()).includes('评查案卷61卷'), 'the last good page is not behind the error');
  await axe(tab, 'the overlay');
  await tab.keyboard.press('Escape');
  expect(await sheet.isHidden(), 'Escape does not close the overlay');
  save(REPORT, text);
  await sheet.waitFor({ state: 'detached', timeout: 10_000 }).catch(() => findings.push('a mended error stays'));
  await stays('an error');
  save(REPORT, text.replace('受理事项320件。', '受理事项320件，按装新设备。'));
  const panel = tab.locator('#sunlit-preview .panel');
  await tab.waitForFunction(() => document.querySelector('#sunlit-preview .panel')?.textContent.includes('TEXT-004'), null, { timeout: 10_000 }).catch(() => findings.push('the panel does not tell of a misspelling'));
  await tab.locator('#sunlit-preview summary').focus();
  await tab.keyboard.press('Enter');
  expect(await panel.locator('.findings').isVisible(), 'the panel does not open by keyboard');
  expect((await panel.locator('a.file').first().getAttribute('href')).startsWith('vscode://file/'), 'no way into the editor');
  await axe(tab, 'the panel');
  save(REPORT, text);
  await tab.waitForFunction(() => !document.querySelector('#sunlit-preview .panel').textContent.includes('TEXT-004'), null, { timeout: 10_000 }).catch(() => findings.push('the panel does not follow'));
  expect(await tab.locator('#sunlit-preview details').evaluate((fold) => fold.open), 'the open panel closes by itself');

  rmSync(file(REPORT));
  await tab.waitForFunction(() => document.body.textContent.includes('404') || document.querySelector('#sunlit-preview')?.dataset.tick, null, { timeout: 10_000 });
  save(REPORT, text);
  await shows('评查案卷61卷', 'a report that comes back');
}

async function axe(tab, what) {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await tab.evaluate(source);
  const { violations } = await tab.evaluate(() => axe.run('#sunlit-preview', { resultTypes: ['violations'] }));
  for (const { id, nodes } of violations) findings.push(`${what}: axe ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
