import { chance, seed } from './dice';
import { expect, PATROLS, test } from './house';

const ROUNDS = Number(process.env.LOFTESLOGG_SOAK) || 20;
test(`${ROUNDS} rounds of killing, losing the network and lost replies lose nothing and double nothing`, async ({
  house,
}, info) => {
  test.setTimeout(60_000 + ROUNDS * 10_000);
  info.annotations.push({ type: 'seed', description: String(seed) });
  console.log(`soak: ${ROUNDS} rounds, LOFTESLOGG_SEED=${seed}`);
  const dice = chance(seed);
  const road = await house.road();
  const phone = await house.installed({}, road.origin);
  const desk = await house.desk();
  house.watch.badWeather();
  house.watch.status(503); // a desk that asks while the server is starting
  let saved = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const offline = dice(2) === 0;
    await phone.offline(offline);
    road.weather = dice(4) === 0 ? 'closed' : 'fine';
    if (dice(4) === 0) road.lose.set('/api/v1/sync/push', 1);
    for (let i = dice(3); i >= 0; i--) {
      await phone.logPatrol(saved === 0 ? 'Torget' : undefined);
      saved++;
    }
    // While it sends, or just after, or long after.
    if (dice(3) > 0) {
      await phone.page.waitForTimeout(dice(120));
      await phone.coldStart({ offline: dice(2) === 0 });
    } else if (dice(3) === 0) {
      await house.server.stop('SIGKILL');
      await house.server.start();
    }
  }
  road.weather = 'fine';
  road.lose.clear();
  await phone.offline(false);
  await phone.page.reload();
  await phone.goTo('#/unsent');
  await expect(async () => {
    await phone.page.getByRole('button', { name: 'Försök nu' }).tap();
    await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 40_000 });
  const there = (await desk.entries('foot_patrol')).map((e) => e.e);
  expect(new Set(there).size).toBe(there.length);
  expect(there.length).toBe(saved);
  expect(await desk.counted(PATROLS)).toBe(saved);
  await phone.goTo('#/mine');
  await expect(phone.page.locator('a.item').first()).toBeVisible();
  const older = phone.page.getByRole('button', { name: /^Visa äldre/ });
  while (await older.isVisible()) await older.tap();
  await expect(phone.page.locator('a.item').filter({ hasText: 'Mottagen' })).toHaveCount(saved);
});
