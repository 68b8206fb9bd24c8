import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

// What a slow phone feels. Figures are printed and kept; none of them can fail a run, a machine at work is no phone.
export default defineConfig({
  ...base,
  testDir: 'e2e/bench',
  testMatch: '*.bench.ts',
  workers: 1, // two at once would measure each other
  timeout: 600_000,
  reporter: 'line',
  use: { ...base.use, trace: 'off', actionTimeout: 30_000 }, // a trace is work too
});
