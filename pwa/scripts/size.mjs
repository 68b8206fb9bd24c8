// @ts-check
/**
 * Weighs what the field app loads before its first screen, in bytes as gzip sends them. Bytes are the same on every
 * machine; a score is not. Exits 1 over the budget, when desk code is among them, or when a font is loaded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { GRAPH, namedBy, reach } from './field-app.mjs';

const BUDGET = { js: 45 * 1024, css: 10 * 1024 };
const DESK = /^src\/screens\/desk\//;
const FONT = /\.(woff2?|ttf|otf|eot)$/;

const graph = /** @type {import('./field-app.mjs').Graph} */ (JSON.parse(readFileSync(GRAPH, 'utf8')));
const named = namedBy(readFileSync('dist/app/index.html', 'utf8'));
const first = new Set(named);
for (const entry of named) {
  for (const file of reach(graph, entry, { later: false })) {
    first.add(file);
    graph[file]?.css.forEach((f) => first.add(f));
  }
}

/** @type {string[]} */
const wrong = [];
for (const kind of /** @type {const} */ (['js', 'css'])) {
  const files = [...first].filter((f) => f.endsWith(`.${kind}`)).sort();
  let total = 0;
  for (const file of files) {
    const size = gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
    total += size;
    console.log(`${String(size).padStart(7)}  ${file}`);
  }
  console.log(`${String(total).padStart(7)}  ${kind} in all, of ${BUDGET[kind]}`);
  if (files.length === 0) wrong.push(`the field app loads no ${kind} at all: the page or this script is broken`);
  if (total > BUDGET[kind]) wrong.push(`${kind} is ${total - BUDGET[kind]} bytes over the budget`);
}
for (const file of first) {
  const desk = graph[file]?.modules.filter((m) => DESK.test(m)) ?? [];
  if (desk.length > 0) wrong.push(`${file} carries desk code to the phone: ${desk.join(', ')}`);
}
const fonts = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((f) => FONT.test(f));
if (fonts.length > 0) wrong.push(`a web font is loaded, the system has one: ${fonts.join(', ')}`);

for (const sentence of wrong) console.error(`size: ${sentence}`);
process.exit(wrong.length > 0 ? 1 : 0);
