import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../house';
import { writePast } from '../past';
import { ROOT } from '../server';

const INTO = path.join(ROOT, 'docs/pictures');
const MOST = 150 * 1024;

test('the pictures of the front page', async ({ house }) => {
  test.setTimeout(60_000);
  await writePast(house);
  const phone = await house.phone();
  await phone.install((await house.server.invite('field')).key);
  await phone.logPatrol('Busstationen');
  await phone.logPatrol();
  await expect(phone.pill).toContainText('Allt skickat', { timeout: 10_000 });
  const desk = await house.desk();
  await phone.offline(true);
  await phone.goTo('#/log/foot_patrol');
  await phone.tap(phone.place('Torget'));
  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(3);
  await expect(phone.page.locator('.undo')).toHaveCount(0, { timeout: 15_000 });
  for (const [page, name] of [
    [phone.page, 'phone.png'],
    [desk.page, 'desk.png'],
  ] as const) {
    const file = path.join(INTO, name);
    await page.screenshot({ path: file });
    expect(statSync(file).size).toBeLessThanOrEqual(MOST);
  }
});
