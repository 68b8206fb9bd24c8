/** Chromium, as the other tests have it. */
import { readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium as playwright, type LaunchOptions } from '@playwright/test';
import type { Engine } from './engine';

export const chromium = (launch: LaunchOptions): Engine => ({
  name: 'Chromium',
  async start(profile) {
    const context = await playwright.launchPersistentContext(profile, launch);
    const page = context.pages()[0] ?? (await context.newPage());
    return {
      goto: async (url) => void (await page.goto(url)),
      ask: async (expression) => page.evaluate(expression),
      async kill() {
        const lock = path.join(profile, 'SingletonLock');
        const gone = context.waitForEvent('close');
        process.kill(Number(readlinkSync(lock).split('-').at(-1)), 'SIGKILL');
        await gone;
        rmSync(lock, { force: true });
      },
    };
  },
});
