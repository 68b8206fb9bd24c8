import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../house';
import { writePast } from '../past';
import type { Phone } from '../phone';
import { ROOT } from '../server';

const INTO = path.join(ROOT, 'docs/pictures');
const MOST = 150 * 1024;

/** A form is open: it was yesterday, at this time, at this place. */
async function yesterday(phone: Phone, time: string, place: string, minutes: string): Promise<void> {
  await phone.tap(phone.page.locator('label.chip').filter({ hasText: 'I går' }));
  await phone.page.getByRole('textbox', { name: 'Började' }).fill(time);
  await phone.tap(phone.page.locator('label.chip').filter({ hasText: new RegExp(`^${minutes}$`) }));
  await phone.tap(phone.place(place));
  await phone.tap(phone.save);
  await expect(phone.start).toBeVisible();
}

test('the pictures of the front page', async ({ house }) => {
  test.setTimeout(60_000);
  await writePast(house);
  const phone = await house.phone();
  await phone.install((await house.server.invite('field')).key);
  await phone.goTo('#/log/andt_prevention');
  await phone.tap(phone.page.locator('label.chip').filter({ hasText: 'Föräldramöte' }));
  await yesterday(phone, '18.00', 'Skolgården', '60');
  await phone.tap(phone.after);
  await yesterday(phone, '20.05', 'Busstationen', '30');
  await expect(phone.pill).toContainText('Allt skickat', { timeout: 10_000 });
  const desk = await house.desk();
  await phone.offline(true);
  await phone.tap(phone.after);
  await yesterday(phone, '21.10', 'Torget', '60');
  await expect(phone.latest).toHaveCount(3);
  await expect(phone.page.locator('.undo')).toHaveCount(0, { timeout: 15_000 });
  for (const [page, name] of [
    [phone.page, 'phone.png'],
    [desk.page, 'desk.png'],
  ] as const) {
    if (page === desk.page) await page.setViewportSize({ width: 1120, height: 700 });
    const file = path.join(INTO, name);
    await page.screenshot({ path: file });
    expect.soft(statSync(file).size, name).toBeLessThanOrEqual(MOST);
  }
});
