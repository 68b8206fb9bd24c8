/** What the phone says when its storage is gone, and when its clock is wrong. */
import type { BrowserContext } from '@playwright/test';
import { expect, PATROLS, test } from './house';

const SENT = { timeout: 15_000 };
const YEAR = 365 * 86_400_000;

test.describe.configure({ timeout: 60_000 });

/** How much is unsent by what outlives the storage. */
function unsentByTheTrace(): number {
  const { towns } = JSON.parse(localStorage.getItem('trace') ?? '{"towns":{}}') as {
    towns: Record<string, { unsent: number }>;
  };
  return Object.values(towns).reduce((sum, { unsent }) => sum + unsent, 0);
}

test('A storage that was cleared is told with what had not been sent, before and after the phone is connected again', async ({
  house,
}) => {
  const phone = await house.installed();
  const { page } = phone;
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await phone.offline(true);
  await phone.logPatrol();
  await phone.logPatrol();
  await expect.poll(() => page.evaluate(unsentByTheTrace)).toBe(2); // it follows a save, and nobody waits for it
  await page.goto('about:blank');
  const devtools = await phone.context.newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', {
    origin: phone.origin,
    storageTypes: 'indexeddb,cache_storage,service_workers',
  });
  await phone.offline(false);
  await phone.open();
  const lost = page.getByText('2 poster eller rättelser hade inte skickats från den här telefonen');
  await expect(lost).toBeVisible();
  await expect(page.getByText('1 var skickad och finns kvar hos servern.')).toBeVisible();
  await page.goto('about:blank'); // the link is opened by itself
  await phone.install((await house.server.invite('field')).key);
  await expect(lost).toBeVisible();
  await phone.tap(page.getByRole('button', { name: 'Jag förstår' }));
  await expect(lost).toHaveCount(0);
  await page.reload();
  await expect(phone.start).toBeVisible();
  await expect(lost).toHaveCount(0);
});

/** From now on pages of the phone are wrong about the time, by a shift that is kept where they can read it. */
async function misset(context: BrowserContext, by: number): Promise<void> {
  await context.addInitScript((ahead) => {
    const Real = Date;
    class Wrong extends Real {
      constructor(...given: [] | [number | string]) {
        super(...((given.length === 0 ? [Wrong.now()] : given) as [number]));
      }
      static override now = () => Real.now() + (Number(sessionStorage.getItem('ahead') ?? ahead) || 0);
    }
    globalThis.Date = Wrong as DateConstructor;
  }, by);
}

test('A clock that is a year ahead is told, and what it dated is put right and counts once', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  const { page } = phone;
  await misset(phone.context, YEAR);
  await page.reload();
  await phone.logPatrol('Torget');
  await expect(page.getByText(/^Telefonens klocka går 36[45] dygn före/)).toBeVisible(SENT);
  await expect(phone.latest.first()).toContainText('flaggad', SENT);
  expect(await desk.counted(PATROLS)).toBe(0);
  await page.evaluate(() => sessionStorage.setItem('ahead', '0')); // somebody sets the clock
  await page.reload();
  await phone.tap(phone.latest.first());
  await expect(page.getByText('Datumet ligger i framtiden. Rätta det, så').first()).toBeVisible();
  await phone.tap(page.getByRole('link', { name: 'Rätta' }));
  await phone.tap(page.locator('label.chip').filter({ hasText: 'I dag' }));
  await phone.tap(phone.save);
  await desk.goTo('attention');
  await desk.page.getByRole('button', { name: 'Släpp in' }).click();
  await expect.poll(() => desk.counted(PATROLS), SENT).toBe(1);
  expect(await desk.entries('foot_patrol')).toHaveLength(1);
  await phone.goTo('#/');
  await expect(page.getByText(/^Telefonens klocka går 36[45] dygn före/)).toHaveCount(0);
});
