import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

// The pictures in docs/screenshots. They are looked at by people, and compared with nothing.
export default defineConfig({
  ...base,
  testDir: 'e2e/screenshots',
  testMatch: '*.shots.ts',
  outputDir: 'test-results',
});
