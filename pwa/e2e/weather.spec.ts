import { expect, PATROLS, test } from './house';
import type { Weather } from './road';

const SENT = { timeout: 20_000 };

const OFFLINE = 'Utan nät just nu. Allt ligger på telefonen och skickas när nätet är tillbaka.';
const SIGN_IN = 'Nätet vill att du loggar in först. Allt är kvar i telefonen.';

for (const [weather, words] of [
  ['closed', OFFLINE],
  ['secret', OFFLINE],
  ['portal', SIGN_IN],
  ['sent-on', SIGN_IN],
  ['mistyped', SIGN_IN],
] as [Weather, string][]) {
  test(`On a road that is ${weather} nothing is lost, the phone says why, and it recovers by itself`, async ({
    house,
  }) => {
    const road = await house.road();
    const phone = await house.installed({}, road.origin);
    const desk = await house.desk();
    house.watch.badWeather();
    road.weather = weather;
    await phone.logPatrol('Torget');
    await expect(phone.pill).toContainText('1 ej skickad');
    await phone.tap(phone.pill);
    await expect(phone.page.getByRole('main').getByText(words, { exact: true })).toBeVisible(SENT);
    await phone.page.reload(); // the worker has the app, whatever answers out there
    await expect(phone.page.getByText('1 post finns bara på den här telefonen')).toBeVisible();
    expect(road.followed, 'nothing of ours goes where a portal sends it').toBe(0);
    road.weather = 'fine';
    await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible(SENT);
    expect(await desk.counted(PATROLS)).toBe(1);
  });
}

test('A server that was away and comes back gets everything without a finger on the phone', async ({ house }) => {
  const phone = await house.installed();
  await house.powerCut();
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('1 ej skickad');
  await house.server.start();
  await expect(phone.pill).toContainText('Allt skickat', { timeout: 20_000 });
  const desk = await house.desk();
  expect(await desk.counted(PATROLS)).toBe(1);
});

test('A portal in a café never becomes the app', async ({ house }) => {
  const road = await house.road();
  const phone = await house.installed({}, road.origin);
  road.weather = 'portal';
  await phone.page.reload();
  await expect(phone.start).toBeVisible();
  road.weather = 'fine';
  await phone.page.reload();
  await expect(phone.start).toBeVisible();
});
