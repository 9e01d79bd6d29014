// A check that cannot fail proves nothing: plants one defect after another in a copy of a good site and demands that the
// check meant for it says so, in words that it does not say about the good site.
// usage: node planted.mjs DIR
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoryArgument, readTree, report } from './tree.mjs';

const TOOLS = dirname(fileURLToPath(import.meta.url));
const PYTHON = process.env.PYTHON ?? join(TOOLS, '.venv/bin/python');
const CHECKS = {
  'html.mjs': ['node'], 'pages.mjs': ['node'], 'links.mjs': ['node'], 'browser.mjs': ['node'], 'tokens.mjs': ['node'], 'print.mjs': ['node'],
  'metadata.py': [PYTHON], 'feeds.py': [PYTHON], 'data.py': [PYTHON], 'versions.py': [PYTHON],
};

const good = directoryArgument();
const tree = readTree(good);
const rows = JSON.parse(readFileSync(join(good, 'data/reports.json'), 'utf8'));
const reports = (Array.isArray(rows) ? rows : rows.reports).map(({ id }) => `${id}.html`);
const tabled = tree.pages.find(({ path, elements }) => reports.includes(path) && elements.some(({ tag }) => tag === 'table'))?.path;
const [one, other] = reports;
const stylesheet = [...tree.files].find((path) => path.endsWith('.css'));
const feed = [...tree.files].find((path) => /^(feed\.atom|atom\.xml)$/.test(path));
if (!tabled) {
  console.log(`${good}: no report with a table, so nothing can be planted in one`);
  process.exit(1);
}

const earlier = tree.pages.find(({ path }) => /\/v\d+\.html$/.test(path))?.path;
if (!earlier) {
  console.log(`${good}: no earlier version of a report, so nothing can be planted in one`);
  process.exit(1);
}

const put = (before, after) => (text) => text.replace(before, after);
const beforeMainEnds = (markup) => put('</main>', `${markup}</main>`);
const inFirst = (pattern, before, after) => put(pattern, (whole) => whole.replace(before, after));

// check, file, how it is spoilt, what the check must say
const DEFECTS = [
  ['html.mjs', one, beforeMainEnds('<p><div>x</div></p>'), /No “p” element in scope/],
  ['html.mjs', stylesheet, (text) => `${text}\np { colour: red }\n`, /Property “colour” doesn't exist|colour/],
  ['pages.mjs', one, put(/(<h1[^>]*>)/, '<h1>x</h1>$1'), /2 h1 elements/],
  ['pages.mjs', one, beforeMainEnds('<h2>x</h2><h4>x</h4>'), /heading level skipped: h2 is followed by h4/],
  ['pages.mjs', one, beforeMainEnds('<h2> </h2>'), /h2 has no text/],
  ['pages.mjs', one, put(/<html[^>]*>/, '<html>'), /no valid lang/],
  ['pages.mjs', one, (text) => text.replace(/<title>[^<]*/, /<title>[^<]*/.exec(readFileSync(join(good, other), 'utf8'))[0]), /same title as/],
  ['pages.mjs', one, put(/<title>[^<]*/, '<title>'), /no title/],
  ['pages.mjs', tabled, put(/<caption[\s\S]*?<\/caption>/, ''), /table without a caption/],
  ['pages.mjs', tabled, inFirst(/<th [^>]*>/, /\sscope="?\w+"?/, ''), /th without a scope/],
  ['pages.mjs', tabled, put(/<table[\s\S]*?<\/table>/, (table) => table.replaceAll(/<(\/?)th\b[^>]*>/g, '<$1td>')), /table without a th/],
  ['pages.mjs', one, beforeMainEnds('<p id="twice">x</p><p id="twice">x</p>'), /id "twice" is used twice/],
  ['pages.mjs', one, beforeMainEnds('<time datetime="2024-02-30">x</time>'), /no valid datetime: 2024-02-30/],
  ['pages.mjs', one, beforeMainEnds('<time>去年</time>'), /no valid datetime: 去年/],
  ['pages.mjs', one, beforeMainEnds('<p style="color: red">x</p>'), /inline style: color: red/],
  ['pages.mjs', one, beforeMainEnds('<script>1</script>'), /inline script/],
  ['pages.mjs', one, put('</head>', '<style>p { color: red }</style></head>'), /style element/],
  ['pages.mjs', one, beforeMainEnds('<button onclick="x()">x</button>'), /inline event handler: onclick/],
  ['pages.mjs', one, put(/\sdata-kind="?[\w-]+"?/, ''), /no data-kind/],
  ['pages.mjs', one, beforeMainEnds('<a href="../index.html">查看更多</a>'), /link does not say where it leads: 查看更多/],
  ['pages.mjs', one, beforeMainEnds('<a href="../index.html"></a>'), /link without words/],
  ['pages.mjs', one, beforeMainEnds('<a href="../index.html">同名</a><a href="../archive.html">同名</a>'), /"同名" leads to/],
  ['pages.mjs', one, beforeMainEnds('<img src="x.png">'), /picture without an alternative/],
  ['pages.mjs', one, beforeMainEnds('<img src="x.png" alt="IMG_0001.png">'), /alternative of a picture is a file name/],
  ['pages.mjs', one, beforeMainEnds('<p><strong>一、总体情况</strong></p>'), /bold paragraph in place of a heading/],
  ['pages.mjs', one, beforeMainEnds('<span class="mark"></span>'), /status without words/],
  ['pages.mjs', tabled, put(/<div class="table-scroll" role="region"/, '<div class="table-scroll"'), /not in a region that the keyboard can scroll/],
  ['pages.mjs', tabled, put(/(<div class="table-scroll"[^>]*aria-labelledby=")[^"]*/, '$1main'), /region of a table is not named by its caption/],
  ['pages.mjs', tabled, (text) => text.replaceAll(/<th scope="row"([^>]*)>([\s\S]*?)<\/th>/g, '<td$1>$2</td>'), /row without a header/],
  ['pages.mjs', tabled, put(/(<tbody>\s*<tr>)/, '$1<td>多</td>'), /row of \d+ cells under a head of \d+/],
  ['pages.mjs', one, put(/<nav class="crumbs"[\s\S]*?<\/nav>/, ''), /no breadcrumb/],
  ['pages.mjs', one, put(/<span aria-current="page">/, '<span>'), /last step of the breadcrumb is not this page/],
  ['pages.mjs', one, put(/(<nav class="contents" aria-label=")[^"]*/, '$1当前位置'), /two landmarks are called 当前位置/],
  ['pages.mjs', one, put('<a class="skip"', '<a href="../index.html">x</a><a class="skip"'), /first thing that can be reached is no skip link/],
  ['pages.mjs', one, put('</main>', '</main><section></section>'), /the frame of the page is/],
  ['tokens.mjs', stylesheet, put('--quiet: #454953', '--quiet: #777a82'), /light: --quiet on --paper has/],
  ['tokens.mjs', stylesheet, put('--blue: #b3ceff', '--blue: #33507f'), /dark: --blue on --paper has/],
  ['tokens.mjs', stylesheet, put('--edge: #7a735f', '--edge: #c8c2b0'), /light: --edge on --band has .* less than 3/],
  ['tokens.mjs', stylesheet, (text) => text + Array.from({ length: 2500 }, (_, n) => `.x${(n * 7919) % 9973}{order:${(n * 104729) % 7919}}`).join('\n'), /bytes compressed, more than 14336/],
  ['print.mjs', stylesheet, put('--row: calc(225mm / 22)', '--row: 9mm'), /sheets have lines 10\.23 mm apart/],
  ['print.mjs', stylesheet, put('--size: 15.75pt', '--size: 14pt'), /characters in a full line of Han characters, not 28/],
  ['print.mjs', stylesheet, put('@page { size: A4; margin: 37mm 26mm 35mm 28mm; }', '@page { size: A5; margin: 10mm; }'), /not A4/],
  ['print.mjs', stylesheet, put('@page :left { @bottom-left', '@page :left { @bottom-right'), /page number stands on the wrong side/],
  ['print.mjs', stylesheet, put('.colophon { display: block;', '.colophon { display: none;'), /its address is not printed/],
  ['links.mjs', one, beforeMainEnds('<a href="no-such-page.html">x</a>'), /dead link: no-such-page\.html/],
  ['links.mjs', one, beforeMainEnds('<a href="#no-such-id">x</a>'), /dead fragment: #no-such-id/],
  ['links.mjs', one, beforeMainEnds('<a href="../index.html#no-such-id">x</a>'), /dead fragment: \.\.\/index\.html#no-such-id/],
  ['links.mjs', one, beforeMainEnds('<a href="/archive.html">x</a>'), /absolute internal link: \/archive\.html/],
  ['links.mjs', one, beforeMainEnds('<a href="../../outside.html">x</a>'), /link leaves the tree/],
  ['links.mjs', one, beforeMainEnds('<a href="../">x</a>'), /link to a folder/],
  ['links.mjs', one, (text) => beforeMainEnds(`<a href="${/rel="?canonical"? href="([^"]*)"/.exec(text)?.[1]}">x</a>`)(text), /link to the public address of this site/],
  ['links.mjs', one, beforeMainEnds('<img src="https://example.org/x.png" alt="x">'), /loads from elsewhere: https:\/\/example\.org/],
  ['links.mjs', stylesheet, (text) => `${text}\np { background: url(https://example.org/x.png) }\n`, /loads from elsewhere: https:\/\/example\.org/],
  ['links.mjs', stylesheet, (text) => `${text}\np { background: url(no-such.png) }\n`, /dead link: no-such\.png/],
  ['links.mjs', one, put(/(rel="?canonical"? href="[^"]*)\.html"/, '$1-x.html"'), /canonical link is not this page/],
  ['links.mjs', earlier, put(/(rel="?canonical"? href="[^"]*)\.html"/, '$1-x.html"'), /canonical link is not this page/],
  ['versions.py', earlier, put('<meta name="robots" content="noindex">', ''), /is not kept out of search engines/],
  ['versions.py', earlier, put('data-status="superseded"', 'data-status="corrected"'), /does not say that it is archived/],
  ['versions.py', earlier, put(/(rel="?canonical"? href="[^"]*)\.html"/, '$1/v1.html"'), /its canonical link is not the report/],
  ['versions.py', earlier.replace('html', 'json'), put('"status":"superseded"', '"status":"current"'), /says of itself/],
  ['versions.py', earlier.replace(/\/v\d+/, ''), (text) => text.replaceAll(/\/v\d+\.html/g, '.html'), /does not link version/],
  ['versions.py', feed, put('</feed>', `<!-- ${earlier} --></feed>`), /lists an earlier version/],
  ['metadata.py', one, put(/(<h1[^>]*>)/, '$1x'), /title: visible header h1 says/],
  ['metadata.py', one, put(/("datePublished"\s*:\s*")\d{4}/, '$11999'), /published: JSON-LD datePublished says/],
  ['metadata.py', one, put('"headline"', '"headLine"'), /no property headLine/],
  ['metadata.py', one, put(/(name="?PubDate"? content=")\d{4}/i, '$11999'), /published: page tag PubDate says/],
  ['metadata.py', one, put(/(property="?og:title"? content=")/, '$1x'), /title: Open Graph og:title says/],
  ['metadata.py', one, put(/name="?(DC|dcterms)\.issued"?/i, 'name="x"'), /published: Dublin Core has no issued/],
  ['metadata.py', one, put(/(data-fact="?published"?[\s\S]*?datetime=")\d{4}/, '$11999'), /published: visible header published says/],
  ['feeds.py', feed, put('</entry>', ''), /not well formed/],
  ['feeds.py', feed, put(/(<entry>[\s\S]*?<updated>)[^<]*/, '$1yesterday'), /updated is no RFC 3339 time/],
  ['feeds.py', 'feed.json', put('version/1.1', 'version/2'), /version is/],
  ['feeds.py', 'sitemap.xml', put(/(<loc>[^<]*)\.html</, '$1-gone.html<'), /lists no page of this site/],
  ['feeds.py', 'sitemap.xml', put(/<lastmod>[^<]*/, '<lastmod>yesterday'), /lastmod is no W3C date/],
  ['feeds.py', 'sitemap.xml', put('<loc>', '<place>x</place><loc>'), /Schemas validity error/],
  ['feeds.py', 'robots.txt', put('Sitemap:', 'Site map:'), /does not name the sitemap/],
  ['data.py', 'data/reports.csv', put('\ufeff', ''), /no byte order mark/],
  ['data.py', 'data/reports.csv', put(/年度报告/, '年度汇报'), /is '.*', reports\.json says/],
  ['data.py', 'data/reports.csv', (text) => text.replaceAll('\r\n', '\n'), /does not end with CRLF/],
  ['data.py', 'data/reports.json', put(/("id"\s*:\s*"\d{4}\/)/, '$1x-'), /lists a page that does not exist/],
  ['data.py', 'robots.txt', (text) => `${text}\n`, /robots\.txt: FAILED/],
  ['data.py', 'manifest-sha256.txt', put(/^.*robots\.txt\n/m, ''), /does not list robots\.txt/],
];

// One page with every defect that only a browser sees; the style sheet that goes with it is the site's own, spoilt.
const BROWSER_MARKUP = `<p class="planted-wide">x</p><p class="planted-clip">${'很长的文字'.repeat(30)}</p><p class="planted-pale">颜色太浅的文字</p>
<a class="planted-focus" href="../index.html">看不见的焦点</a><img src="https://example.org/x.png" alt="x"><p id="planted-script"></p>
<script src="planted.js"></script><span tabindex="3">x</span><p class="planted-grey">颜色较浅的文字</p><p class="planted-tight">挤在一起的文字</p><button>小</button>`;
const BROWSER_CSS = `.planted-wide { width: 900px; max-width: none } .planted-clip { height: 3em; overflow: hidden } .planted-pale { color: #bbb; background: #ccc } .planted-grey { color: #666; background: #fff }
:root[data-large-type] { font-size: 17px !important } :root:not([data-large-type]) { font-size: 16px !important } .planted-tight { text-align: justify; line-height: 1.2 }
.planted-focus:focus, .planted-focus:focus-visible { outline: none !important; box-shadow: none !important; background: none !important; border: 0 !important; text-decoration: underline !important } .planted-focus { background: none; border: 0; text-decoration: underline }`;
const BROWSER_SAYS = [
  /overflow: page is \d+px wide in a window of 320px/, /text is cut off in p\.planted-clip/, /axe color-contrast.*planted-pale/, /axe color-contrast-enhanced.*planted-grey/, /line length: \d+ characters/, /line height: /, /justified text/,
  /keyboard: focus is not visible: a "看不见的焦点"/, /request outside the site: https:\/\/example\.org\/x\.png/, /console: planted message/,
  /target: \d+ × \d+ px, less than 44 high: button "小"/, /large type: without a script the box does nothing/, /large type: text grows/,
  /text differs without JavaScript/, /keyboard: first stop is no skip link/, /keyboard: positive tabindex/, /axe tabindex/,
];
const spoilForBrowser = (text) => beforeMainEnds(BROWSER_MARKUP)(text).replace(/<meta http-equiv="?Content-Security-Policy[^>]*>/i, '');

const findings = [];
const copy = mkdtempSync(join(tmpdir(), 'planted-'));
try {
  cpSync(good, copy, { recursive: true });
  const healthy = Object.fromEntries(Object.keys(CHECKS).map((check) => [check, check === 'browser.mjs' ? '' : run(check).output]));
  for (const [check, path, spoil, expected] of DEFECTS) {
    const restore = rewrite(path, spoil);
    if (!restore) findings.push(`${check}: the defect for ${expected} could not be planted in ${path}`);
    else expect(check, expected, run(check), healthy[check]);
    restore?.();
  }
  rewrite(stylesheet, (text) => text + BROWSER_CSS);
  rewrite(tabled, spoilForBrowser);
  writeFileSync(join(copy, dirname(tabled), 'planted.js'), 'document.getElementById("planted-script").textContent = "x"; console.error("planted message")');
  const seen = run('browser.mjs', tabled);
  for (const expected of BROWSER_SAYS) expect('browser.mjs', expected, seen, '');
} finally {
  rmSync(copy, { recursive: true, force: true });
}
if (findings.length === 0) console.log('every defect was found');
report(findings, `${DEFECTS.length + BROWSER_SAYS.length} planted defects`);

/** Rewrites one file of the copy and answers with the way back, or with nothing where the rewriting changed nothing. */
function rewrite(path, spoil) {
  const place = join(copy, path);
  const before = readFileSync(place, 'utf8');
  const after = spoil(before);
  if (after === before) return undefined;
  writeFileSync(place, after);
  return () => writeFileSync(place, before);
}

function run(check, ...rest) {
  const { status, stdout, stderr } = spawnSync(CHECKS[check][0], [join(TOOLS, check), copy, ...rest], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, output: stdout + stderr };
}

function expect(check, expected, { status, output }, healthy) {
  if (expected.test(healthy)) findings.push(`${check}: says ${expected} about the good site too`);
  else if (status !== 1 || !expected.test(output)) findings.push(`${check}: did not say ${expected} (exit ${status})\n    ${output.split('\n').slice(-4).join('\n    ')}`);
}
