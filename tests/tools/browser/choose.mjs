// Chooses the pages that a browser opens: one of each kind, and the reports that differ in form.
// Returns { path, why } in a stable order, each path once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function choosePages(tree) {
  const chosen = new Map();
  const choose = (page, why) => page && !chosen.has(page.path) && chosen.set(page.path, { path: page.path, why, isStub: page.isStub });
  const named = (path) => tree.pages.find((page) => page.path === path);
  const has = (page, test) => page.elements.some(test);

  for (const path of ['index.html', 'archive.html', '404.html']) choose(named(path), path);
  const whole = tree.pages.filter(({ isStub }) => !isStub);
  for (const kind of [...new Set(whole.map(({ kind }) => kind))]) choose(whole.find((page) => page.kind === kind && !chosen.has(page.path)), kind ?? 'no data-kind');

  const listed = reportPaths(tree);
  const reports = whole.filter(({ path }) => listed.has(path));
  const longest = (pages) => [...pages].sort((a, b) => b.elements.length - a.elements.length)[0];
  choose(longest(reports.filter((page) => has(page, ({ tag }) => tag === 'table'))), 'report with tables');
  choose(reports.find((page) => has(page, ({ tag }) => tag === 'svg' || tag === 'img')), 'report with a picture');
  choose(reports.find((page) => listed.get(page.path)?.corrections?.length || has(page, ({ attributes }) => attributes['data-fact'] === 'updated')), 'corrected report');
  choose(reports.find((page) => listed.get(page.path)?.status === 'withdrawn'), 'withdrawn report');
  choose(longest(reports), 'longest report');
  choose(tree.pages.find(({ isStub }) => isStub), 'alias');
  return [...chosen.values()];
}

/** Page path → its row in data/reports.json; a row names its page by a relative or an absolute url, or by its id. */
function reportPaths(tree) {
  if (!tree.files.has('data/reports.json')) return new Map();
  const data = JSON.parse(readFileSync(join(tree.dir, 'data/reports.json'), 'utf8'));
  const rows = Array.isArray(data) ? data : data.reports;
  return new Map(rows.map((row) => [`${row.id}.html`, row]));
}
