import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../house';
import type { Phone } from '../phone';
import { ROOT } from '../server';
import { fill } from './full';

const ENTRIES = Number(process.env.LOFTESLOGG_ENTRIES) || 5000;
const STARTS = Number(process.env.STARTS ?? 7);
const SAVES = Number(process.env.SAVES ?? 40);
/** How much slower than this machine: what Lighthouse takes for a phone. */
const SLOWER = 4;
/** Nobody writes two entries in a second: what the one before left to do is done, ms. */
const PACE = 1000;
const BEFORE = process.env.LOFTESLOGG_BEFORE;
const FILE = path.join(ROOT, '.reports/phone-bench.txt');

const sorted = (ms: number[]) => [...ms].sort((a, b) => a - b);
const at = (ms: number[], share: number) => sorted(ms)[Math.min(ms.length - 1, Math.floor(ms.length * share))] ?? NaN;
const round = (ms: number) => `${Math.round(ms)} ms`;

function say(which: string, what: string, ms: number[]): void {
  const best3 = sorted(ms).slice(0, 3).map(Math.round).join(' ');
  const line = `${which.padEnd(7)} ${what.padEnd(46)} median ${round(at(ms, 0.5)).padStart(8)}  p95 ${round(at(ms, 0.95)).padStart(8)}  best three ${best3}`;
  console.log(line);
  appendFileSync(FILE, `${line}\n`);
}

async function slow(page: Page, rate: number): Promise<void> {
  const wire = await page.context().newCDPSession(page);
  await wire.send('Emulation.setCPUThrottlingRate', { rate });
}

type Marks = { home?: number; free?: number; form?: number };

/** In the page, before anything of it runs: when home is drawn, when the thread is free then, and when a press is answered. */
function watchStart(): void {
  const marks: Marks = ((window as unknown as { marks: Marks }).marks = {});
  const look = () => {
    const after = document.querySelector<HTMLElement>('.dock .split a.btn-2');
    if (after && document.querySelector('ul.latest a.item') && marks.home === undefined) {
      marks.home = performance.now();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          marks.free = performance.now();
          after.click();
        };
        port2.postMessage(0);
      });
    }
    if (document.querySelector('fieldset')) {
      marks.form ??= performance.now();
      seen.disconnect();
    }
  };
  const seen = new MutationObserver(look);
  seen.observe(document, { childList: true, subtree: true });
}

async function coldStarts(phone: Phone): Promise<Required<Marks>[]> {
  const all: Required<Marks>[] = [];
  for (let i = 0; i <= STARTS; i++) {
    await phone.kill();
    await phone.on({ offline: true });
    await phone.context.addInitScript(watchStart);
    await slow(phone.page, SLOWER);
    await phone.open();
    await expect.poll(() => phone.page.evaluate(() => (window as unknown as { marks: Marks }).marks.form)).toBeTruthy();
    const marks = await phone.page.evaluate(() => (window as unknown as { marks: Required<Marks> }).marks);
    if (i > 0) all.push(marks); // the first one also warms the disk
    await slow(phone.page, 1);
    await phone.goTo('#/');
    await expect(phone.start).toBeVisible();
  }
  return all;
}

/** From the press, in ms: until the app knows that it is on the disk, which it tells the hand, and until home says so. */
type Saved = { kept: number; shown: number };

async function saves(phone: Phone): Promise<Saved[]> {
  const all: Saved[] = [];
  await phone.coldStart();
  await expect(phone.latest.first()).toBeVisible();
  await phone.page.waitForTimeout(1000);
  for (let i = 0; i < SAVES; i++) {
    await phone.tap(phone.after);
    await expect(phone.save).toBeVisible();
    await phone.page.waitForTimeout(PACE);
    await slow(phone.page, SLOWER);
    all.push(
      await phone.page.evaluate(
        () =>
          new Promise<Saved>((done) => {
            let kept = NaN;
            navigator.vibrate = () => !!(kept ||= performance.now());
            const seen = new MutationObserver(() => {
              if (!document.querySelector('.undo') || !document.querySelector('ul.latest')) return;
              seen.disconnect();
              done({ kept: kept - began, shown: performance.now() - began });
            });
            seen.observe(document, { childList: true, subtree: true });
            const began = performance.now();
            document.querySelector<HTMLElement>('.dock button.btn-1')?.click();
          }),
      ),
    );
    await slow(phone.page, 1);
    await expect(phone.start).toBeVisible();
  }
  return all;
}

for (const [which, build] of [...(BEFORE ? [['before', BEFORE] as const] : []), ['now', undefined] as const]) {
  test.describe(which, () => {
    test.use({ binary: build });
    test(`A phone with ${ENTRIES} entries of its own, ${SLOWER} times slower: ${which}`, async ({ house }) => {
      mkdirSync(path.dirname(FILE), { recursive: true });
      house.watch.badWeather();
      const phone = await house.installed();
      await phone.logPatrol('Torget');
      await fill(phone, ENTRIES);
      await phone.goTo('#/');
      const starts = await coldStarts(phone);
      say(
        which,
        'cold start without a network: home is drawn',
        starts.map((m) => m.home),
      );
      say(
        which,
        'cold start: a press is taken',
        starts.map((m) => m.free),
      );
      say(
        which,
        'cold start: that press is answered',
        starts.map((m) => m.form),
      );
      const ms = await saves(phone);
      say(
        which,
        'from the press on Spara until it is on the disk',
        ms.map((m) => m.kept),
      );
      say(
        which,
        'from the press on Spara to "Sparad på telefonen"',
        ms.map((m) => m.shown),
      );
    });
  });
}
