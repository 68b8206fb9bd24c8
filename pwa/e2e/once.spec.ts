import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, PATROLS, test } from './house';
import { ROOT } from './server';

const PUSH = '/api/v1/sync/push';
const LATER = { timeout: 15_000 };

test.describe('with a server that can die on command', () => {
  test.use({
    binary: [
      async ({ playwright: _ }, use) => {
        const folder = mkdtempSync(path.join(tmpdir(), 'll-failpoint-'));
        const binary = path.join(folder, 'lofteslogg');
        await promisify(execFile)('go', ['build', '-tags', 'failpoint,timetzdata', '-o', binary, './server'], {
          cwd: ROOT,
        });
        await use(binary);
        rmSync(folder, { recursive: true, force: true });
      },
      { scope: 'test', timeout: 180_000 },
    ],
  });

  test('A server that dies between commit and reply counts the patrol once', async ({ house }) => {
    const phone = await house.installed();
    const desk = await house.desk();
    await phone.offline(true);
    await phone.logPatrol('Torget');
    await phone.logPatrol();
    await house.server.restart({ LOFTESLOGG_TEST_EXIT_AFTER_COMMIT: '1' });
    await phone.offline(false);
    await house.server.ended(); // the commit is on disk, and nobody was told
    await expect(phone.pill).toContainText('2 ej skickade');
    await house.server.start();
    await phone.goTo('#/unsent');
    await phone.tap(phone.page.getByRole('button', { name: 'Försök nu' }));
    await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible(LATER);
    expect(await desk.counted(PATROLS)).toBe(2);
    expect(await desk.entries('foot_patrol')).toHaveLength(2);
  });
});

test('A reply that is lost on the road counts the patrol once', async ({ house }) => {
  const road = await house.road();
  const phone = await house.installed({}, road.origin);
  const desk = await house.desk();
  house.watch.badWeather();
  road.lose.set(PUSH, 2);
  await phone.logPatrol('Torget');
  await expect.poll(() => road.lose.get(PUSH), LATER).toBeLessThan(2); // the server has it, the phone does not know
  await phone.goTo('#/unsent');
  await expect(async () => {
    const again = phone.page.getByRole('button', { name: 'Försök nu' });
    await phone.tap(again);
    await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible({ timeout: 1000 });
  }).toPass(LATER);
  expect(road.lose.get(PUSH)).toBe(0);
  expect(await desk.counted(PATROLS)).toBe(1);
});

test('A double tap on Spara saves once', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.tap(phone.after);
  await phone.tap(phone.place('Torget'));
  const at = await phone.save.boundingBox();
  if (!at) throw new Error('Spara is not on the screen');
  const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
  await Promise.all([0, 1, 2].map(() => phone.page.touchscreen.tap(x, y)));
  await expect(phone.pill).toContainText('Allt skickat', LATER);
  await phone.goTo('#/mine');
  await expect(phone.page.locator('a.item')).toHaveCount(1);
  expect(await desk.counted(PATROLS)).toBe(1);
});

test('Two tabs that save and send at once count each patrol once', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.offline(true);
  const second = await phone.context.newPage();
  await second.goto(`${phone.origin}/app/`);
  const tabs = [phone.page, second];
  for (const tab of tabs) await tab.locator('.dock .split a.btn-2').click(); // to log afterwards
  for (const tab of tabs) await tab.locator('li.place label').filter({ hasText: 'Torget' }).click();
  await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Spara' }).click()));
  for (const tab of tabs) await expect(tab.locator('ul.latest a.item')).toHaveCount(2); // each sees what the other saved
  await Promise.all(tabs.map((tab) => tab.evaluate(() => void (location.hash = '#/unsent'))));
  await phone.offline(false);
  await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Försök nu' }).click()));
  for (const tab of tabs) await expect(tab.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible(LATER);
  expect(await desk.counted(PATROLS)).toBe(2);
  expect(await desk.entries('foot_patrol')).toHaveLength(2);
});

test('Försök nu may be pressed as often as one likes', async ({ house }) => {
  const road = await house.road();
  const phone = await house.installed({}, road.origin);
  const desk = await house.desk();
  house.watch.badWeather();
  road.weather = 'closed';
  await phone.logPatrol('Torget');
  await phone.logPatrol();
  await phone.goTo('#/unsent');
  const again = phone.page.getByRole('button', { name: 'Försök nu' });
  for (let i = 0; i < 5; i++) await again.tap();
  road.weather = 'fine';
  for (let i = 0; i < 10; i++) await again.tap();
  await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible(LATER);
  expect(await desk.counted(PATROLS)).toBe(2);
});
