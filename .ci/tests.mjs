// Reads what the test runners wrote.
//   node .ci/tests.mjs go <file>           what failed in a `go test -json`, with what it said
//   node .ci/tests.mjs playwright <file>   the same of the browser tests, a few lines each
//   node .ci/tests.mjs skips <dir>         how many tests ran and how many were skipped; exits 1 unless all ran
import { existsSync, readFileSync } from 'node:fs';

/** @param {string} file */
const goEvents = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

function goFailures(file) {
  const said = new Map();
  for (const e of goEvents(file)) {
    const where = `${e.Package ?? e.ImportPath} ${e.Test ?? ''}`;
    if (e.Output) said.set(where, (said.get(where) ?? '') + e.Output);
    if (e.Action === 'fail' || e.Action === 'build-fail') console.log(`--- ${where}\n${said.get(where) ?? ''}`);
  }
}

const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

function browserFailures(file) {
  const colours = /\u001b\[\d+m/g;
  for (const spec of JSON.parse(readFileSync(file, 'utf8')).suites.flatMap(specsOf).filter((s) => !s.ok)) {
    const said = spec.tests.flatMap((t) => t.results).flatMap((r) => r.errors.map((e) => e.message ?? ''));
    console.log(`--- ${spec.file}:${spec.line} ${spec.title}`);
    console.log(said.join('\n').replace(colours, '').split('\n').slice(0, 20).join('\n'));
  }
}

const count = {
  'go.json': (file) => {
    const tests = goEvents(file).filter((e) => e.Test);
    const how = (action) => tests.filter((e) => e.Action === action);
    return { ran: how('pass').length + how('fail').length, skipped: how('skip').map((e) => `${e.Package} ${e.Test}`) };
  },
  'vitest.json': (file) => {
    const tests = JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap((f) => f.assertionResults);
    const ran = tests.filter((t) => t.status === 'passed' || t.status === 'failed');
    return { ran: ran.length, skipped: tests.filter((t) => !ran.includes(t)).map((t) => t.fullName) };
  },
  'playwright.json': (file) => {
    const { stats, suites } = JSON.parse(readFileSync(file, 'utf8'));
    const skipped = suites.flatMap(specsOf).flatMap((s) => s.tests.filter((t) => t.status === 'skipped').map(() => s.title));
    return { ran: stats.expected + stats.unexpected + stats.flaky, skipped };
  },
};

function skips(dir) {
  let wrong = false;
  for (const [name, read] of Object.entries(count)) {
    const file = `${dir}/${name}`;
    const { ran, skipped } = existsSync(file) ? read(file) : { ran: 0, skipped: [] };
    console.log(`${name.replace('.json', '').padEnd(14)} ${String(ran).padStart(5)} tests, ${skipped.length} skipped`);
    skipped.forEach((title) => console.log(`    skipped: ${title}`));
    if (ran === 0) console.log('    no test ran at all');
    wrong ||= ran === 0 || skipped.length > 0;
  }
  process.exit(wrong ? 1 : 0);
}

const [what, where] = process.argv.slice(2);
if (what === 'go') goFailures(where);
else if (what === 'playwright') browserFailures(where);
else skips(where);
