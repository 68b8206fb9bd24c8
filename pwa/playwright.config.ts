import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

/** The system's own Chromium: CHROMIUM, or where distributions put it, or what PATH knows. */
function chromium(): string {
  const inPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((dir) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => path.join(dir, name)));
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', ...inPath].find((p) => p && existsSync(p));
  if (!found) throw new Error('no Chromium found: install it, or set CHROMIUM to its path');
  return found;
}

// What speaks to the network behind a page's back makes a test of being offline mean nothing.
const QUIET = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  forbidOnly: true,
  retries: 0, // a test that passes the second time has found something
  workers: 2,
  fullyParallel: true,
  timeout: 60_000, // patience, and no figure: a build server may be slow
  expect: { timeout: 10_000 },
  outputDir: 'test-results',
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['line'], ['json']] : 'list',
  // One phone and one desk are in most tests: e2e/house.ts makes both, so there is one project.
  use: {
    browserName: 'chromium',
    locale: 'sv-SE',
    timezoneId: 'Europe/Stockholm',
    // Pictures and pages of each step cost a quarter of the time: TRACE=1 takes them, to look into what failed.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: chromium(),
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...QUIET],
    },
  },
});
