// The W3C's Nu checker over the whole tree: HTML, CSS and SVG in one JVM. Errors, warnings and notes all count.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoryArgument, readTree, report } from './tree.mjs';

// Messages that are wrong about every page alike; they are counted in the output, never dropped in silence.
const MISREADINGS = [
  [/violates Content Security Policy \(meta tag\): (external|image) /, "vnu finds no 'self' under file: addresses; Chromium applies the policy in browser.mjs"],
  [/^Inline script violates Content Security Policy/, 'vnu takes JSON-LD, which is data, for a script; pages.mjs refuses any other inline script'],
];

const dir = resolve(directoryArgument());
const counts = ['.html', '.css', '.svg'].map((end) => `${[...readTree(dir).files].filter((path) => path.endsWith(end)).length} ${end.slice(1)}`);
const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const options = ['--stdout', '--exit-zero-always', '--format', 'json', '--skip-non-html', '--also-check-css', '--also-check-svg'];
const run = spawnSync('java', ['-Xss8m', '-jar', jar, ...options, dir], { encoding: 'utf8', maxBuffer: 1 << 28 });
if (run.error || run.status !== 0) {
  console.error(`java -jar vnu.jar failed: ${run.error?.message ?? run.stderr}`);
  process.exit(1);
}
const { messages } = JSON.parse(run.stdout);
for (const [pattern, why] of MISREADINGS) {
  const misread = messages.filter(({ message }) => pattern.test(message)).length;
  if (misread) console.log(`note: ${misread} messages not counted: ${why}`);
}
const findings = messages.filter(({ message }) => !MISREADINGS.some(([pattern]) => pattern.test(message))).map(({ type, subType, url, lastLine, firstColumn, message }) => {
  const path = url?.startsWith('file:') ? relative(dir, fileURLToPath(url)) : (url ?? '');
  return `${path}:${lastLine ?? 1}:${firstColumn ?? 1}: ${subType ?? type}: ${message}`;
});
report(findings, `vnu: ${counts.join(', ')}`);
