import type { Page } from '@playwright/test';
import { buildTwo, TWO } from './builds';
import { test as base, expect, type House, PATROLS } from './house';
import type { Phone } from './phone';

type Two = { two: { binary: string } };
const test = base.extend<object, Two>({
  two: [
    async ({ browserName: _ }, use) => {
      const built = await buildTwo();
      await use(built);
      built.remove();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
});
test.describe.configure({ mode: 'default' }); // one worker, so that the second build is made once

const ONE = 'Senast från dig';
const SENT = { timeout: 15_000 };
const latest = (page: Page, words: string) => page.getByRole('heading', { name: words, exact: true });
const note = (page: Page) => page.getByRole('textbox', { name: /Anteckning/ });
const now = (page: Page) => page.getByRole('button', { name: 'Byt nu' });
/** Whether the page was never loaded anew since it was marked. */
const mark = (page: Page) => page.evaluate(() => void ((window as unknown as { mark: number }).mark = 1));
const same = (page: Page) => page.evaluate(() => (window as unknown as { mark?: number }).mark === 1);

/** The server is another build from now on, on the same data. */
async function become(house: House, binary: string): Promise<void> {
  house.watch.badWeather();
  await house.server.stop();
  house.server.binary = binary;
  await house.server.start();
}

/** The phone hears of the server's build, and has all of it. */
async function hear(page: Page): Promise<void> {
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await page.waitForFunction(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
}

/** Files of the app that this page has not asked for, and which only its own build has. */
const unasked = (page: Page) =>
  page.evaluate(async () => {
    const [own] = (await caches.keys()).filter((name) => name.startsWith('app-'));
    const kept = (await (await caches.open(own ?? '')).keys()).map(({ url }) => url);
    const asked = performance.getEntriesByType('resource').map(({ name }) => name);
    return kept.filter((url) => /\/assets\/.*\.js$/.test(url) && !asked.includes(url));
  });

test('A new build waits for an open draft in any tab; an old tab goes on with its own files', async ({
  house,
  two,
}) => {
  const phone = await house.installed();
  const { page } = phone;
  await phone.tap(phone.after);
  await phone.tap(phone.place('Torget'));
  await note(page).fill('Halvskriven');
  await mark(page);
  await become(house, two.binary);
  await hear(page);
  await page.waitForTimeout(500); // it would be loaded anew by now, if it were
  expect(await same(page)).toBe(true);
  await expect(note(page)).toHaveValue('Halvskriven');

  const other = await phone.context.newPage();
  await other.goto(`${phone.origin}/app/#/mine`);
  await other.getByRole('link', { name: 'Hem' }).click();
  await now(other).click();
  await expect(other.getByText('Ett utkast är öppet. Spara eller släng det, så byts versionen.')).toBeVisible();
  expect(await same(page)).toBe(true);

  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(1);
  await expect(latest(page, ONE)).toBeVisible();
  const never = await unasked(page);
  expect(never.length).toBeGreaterThan(0);
  await now(other).click();
  await expect(latest(other, TWO.latest)).toBeVisible();

  await test.step('the old tab has files that it never asked for and the server has no longer', async () => {
    expect(await same(page)).toBe(true);
    await expect(latest(page, ONE)).toBeVisible();
    for (const url of never) expect((await fetch(url)).status, url).toBe(404);
    await phone.goTo('#/connect'); // a screen that is fetched when it is gone to
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText('Den delen av appen är inte hämtad än.')).toHaveCount(0);
    const got = await page.evaluate(async (urls) => Promise.all(urls.map(async (u) => (await fetch(u)).status)), never);
    expect(got).toEqual(never.map(() => 200));
    await phone.goTo('#/');
    await phone.logPatrol();
    await expect(phone.latest.filter({ hasText: 'Mottagen' })).toHaveCount(2, SENT);
  });

  await page.reload();
  await expect(latest(page, TWO.latest)).toBeVisible();
  await expect(phone.latest.filter({ hasText: 'Mottagen' })).toHaveCount(2, SENT);
});

/** A patrol that is not sent, one that is, and a draft: what the next build finds. */
async function leaveBehind(phone: Phone): Promise<void> {
  await phone.logPatrol('Torget');
  await expect(phone.latest.filter({ hasText: 'Mottagen' })).toHaveCount(1, SENT);
  await phone.offline(true);
  await phone.logPatrol('Parken');
  await phone.tap(phone.after);
  await note(phone.page).fill('Halvskriven i går');
  await phone.page.waitForTimeout(500);
}

/** All of it is there, can be read, and is sent once. */
async function findAgain(house: House, phone: Phone, words: string): Promise<void> {
  await expect(note(phone.page)).toHaveValue('Halvskriven i går');
  await phone.goTo('#/');
  await expect(latest(phone.page, words)).toBeVisible();
  await expect(phone.latest.filter({ hasText: 'Torget' })).toContainText('Mottagen');
  await expect(phone.latest.filter({ hasText: 'Parken' })).toContainText('Sparad på telefonen');
  await phone.tap(phone.page.getByRole('link', { name: /Utkast/ }));
  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(3);
  await phone.offline(false);
  await expect(phone.latest.filter({ hasText: 'Mottagen' })).toHaveCount(3, SENT);
  const desk = await house.desk();
  expect(await desk.counted(PATROLS)).toBe(3);
  expect(await desk.entries('foot_patrol')).toHaveLength(3);
}

for (const way of ['on to', 'back from'] as const) {
  test(`A cold start without a network goes ${way} build two with all that is on the phone`, async ({ house, two }) => {
    const one = house.server.binary;
    const [before, after] = way === 'on to' ? [one, two.binary] : [two.binary, one];
    await become(house, before);
    const phone = await house.installed();
    await expect(phone.page.locator('html')).toBeVisible();
    await become(house, after);
    await hear(phone.page);
    await leaveBehind(phone);
    await phone.coldStart();
    await findAgain(house, phone, way === 'on to' ? TWO.latest : ONE);
  });
}
