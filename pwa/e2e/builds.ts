/**
 * The product as it will be one day: app and binary made from a copy of the sources by the same scripts, with a few lines
 * changed. So that an update and the way back are tried between two builds, and not with a build that pretends.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './server';

/** What build two calls the list on home. */
export const TWO = { latest: 'Senast från dig, enligt bygge två' };

const NOT_COPIED = ['node_modules', 'dist', '.build', 'e2e', 'test-results', 'playwright-report'];

/** What is different: a word on the first screen, which renames every file, and what is kept of an event and a draft. */
const CHANGES: [file: string, from: string, to: string][] = [
  ['src/text/sv.ts', `'Senast från dig'`, `'${TWO.latest}'`],
  ['src/journal/outbox.ts', `savedAt: s.now };`, `savedAt: s.now, mood: 'two', more: { of: ['it'] } };`],
  ['src/journal/outbox.ts', `objectStore('drafts').put(draft)`, `objectStore('drafts').put({ ...draft, mood: 'two' })`],
  ['src/journal/outbox.ts', `small.put(hlc, 'hlc')`, `small.put(hlc, 'hlc'), small.put({ of: 'two' }, 'mood')`],
];

/** Builds it, and gives the binary and the way to be rid of it. */
export async function buildTwo(): Promise<{ binary: string; remove: () => void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'll-two-'));
  const run = promisify(execFile);
  for (const what of ['go.mod', 'go.sum', 'internal', 'server'])
    cpSync(path.join(ROOT, what), path.join(folder, what), { recursive: true });
  const pwa = path.join(folder, 'pwa');
  cpSync(path.join(ROOT, 'pwa'), pwa, { recursive: true, filter: (from) => !NOT_COPIED.includes(path.basename(from)) });
  symlinkSync(path.join(ROOT, 'pwa/node_modules'), path.join(pwa, 'node_modules'));
  for (const [file, from, to] of CHANGES) {
    const text = readFileSync(path.join(pwa, file), 'utf8');
    if (text.split(from).length !== 2) throw new Error(`build two: ${file} has not exactly one ${from}`);
    writeFileSync(path.join(pwa, file), text.replace(from, to));
  }
  await run('npm', ['run', '--silent', 'build'], { cwd: pwa });
  const binary = path.join(folder, 'lofteslogg');
  await run('go', ['build', '-trimpath', '-tags', 'timetzdata', '-ldflags', '-s -w', '-o', binary, './server'], {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  return { binary, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
