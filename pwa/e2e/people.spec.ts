import { mkdirSync } from 'node:fs';
import { fits, passesAxe, textSize } from './fit';
import { expect, PATROLS, test } from './house';

const SHOTS = process.env.PEOPLE_SHOTS;

test('The desk lets a phone in, shuts it and lets it in again, and the figures follow', async ({ house }) => {
  test.setTimeout(120_000);
  const desk = await house.desk();
  const { page } = desk;
  await page.getByRole('link', { name: 'Personer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Personer och telefoner' })).toBeFocused();

  await page.getByRole('textbox', { name: 'Namn' }).fill('Noor Berg');
  await page.getByRole('button', { name: 'Gör en länk' }).click();
  await expect(page.getByRole('img', { name: 'QR-kod med länken' })).toBeVisible();
  await expect(page.getByText('adb reverse')).toBeVisible();
  const key = /#k=([\w-]+)/.exec(await page.locator('code.link').innerText())?.[1] ?? '';
  const look = async (where: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await passesAxe(page, `${where} ${colorScheme}`);
      for (const [width, percent] of [
        [1280, 100],
        [1280, 200],
        [360, 100],
        [360, 200],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await textSize(page, percent);
        await fits(page, `${where} ${width} px ${percent} %`);
        if (!SHOTS || percent !== 100) continue;
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: `${SHOTS}/${where}-${width}-${colorScheme}.png`, fullPage: true });
      }
      await textSize(page, 100);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };
  await look('invite');

  const phone = await house.phone();
  await phone.install(key, { name: 'Noor Berg' });
  const row = page.getByRole('row').filter({ hasText: 'Noor Berg' });
  await expect(row).toContainText('Hördes av i dag', { timeout: 10_000 });
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('Allt skickat', { timeout: 10_000 });
  await expect.poll(() => desk.counted(PATROLS)).toBe(1);

  house.watch.status(403);
  await page.getByRole('button', { name: 'Klar' }).click();
  await row.getByRole('button', { name: 'Stäng av telefonen' }).click();
  await expect(page.locator('.undo')).toContainText('räknas inte');
  await look('shut');
  await phone.logPatrol('Torget');
  await expect(phone.pill).not.toContainText('ej skickad', { timeout: 10_000 });
  expect(await desk.counted(PATROLS)).toBe(1);

  await page.locator('.undo').getByRole('button', { name: 'Ångra' }).click();
  await expect(page.locator('.undo')).toContainText('Det som väntade räknas');
  await expect.poll(() => desk.counted(PATROLS)).toBe(2);

  await row.getByRole('button', { name: /^Ändra/ }).click();
  await row.page().getByRole('textbox', { name: 'Namn' }).first().fill('Noor Lind');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('rowheader', { name: 'Noor Lind' })).toBeVisible();
});
