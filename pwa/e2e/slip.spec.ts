import type { Desk } from './desk';
import { fits, passesAxe, pressable, textSize } from './fit';
import { expect, test } from './house';
import type { Phone } from './phone';

const LATER = { timeout: 15_000 };
const sent = (phone: Phone) => expect(phone.pill).toContainText(/Allt skickat|Inget att skicka/, LATER);
const SUM = /[0-9a-f]{4} [0-9a-f]{4}/;

/** Opens today's slip on the phone; gives number and sum of what was saved, received and counted. */
async function slipOf(phone: Phone): Promise<string[][]> {
  await phone.goTo('#/');
  await phone.goTo('#/slip');
  await phone.tap(phone.page.locator('.fold > summary').first());
  await expect(phone.page.locator('table.slip')).toBeVisible();
  const rows = await phone.page.locator('table.slip tbody tr').all();
  return Promise.all(rows.map(async (row) => row.locator('td').allInnerTexts()));
}

/** The sums of today that the desk shows: of what was received, and of what counts. */
async function deskSums(desk: Desk): Promise<string[]> {
  await desk.goTo('people');
  await desk.page
    .getByRole('link', { name: /^Kvitto/ })
    .first()
    .click();
  const row = desk.page.locator('.slips tbody tr').first();
  await expect(row).toContainText(SUM);
  return (await row.innerText()).match(new RegExp(SUM, 'g')) ?? [];
}

test('Phone and desk show the same sums of what was saved, received and counted, and name what differs', async ({
  house,
}) => {
  test.setTimeout(120_000);
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  await phone.logPatrol();
  await sent(phone);
  const [created, received, counted] = await slipOf(phone);
  expect([created?.[0], received, counted]).toEqual(['2', created, created]);
  await expect(phone.page.getByText('Nummer 1').or(phone.page.getByText('Inget skiljer'))).toHaveText(/Inget skiljer/);
  expect(await deskSums(desk)).toEqual([created?.[1], created?.[1]]);

  await phone.goTo('#/');
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('button', { name: 'Ta tillbaka' }));
  await phone.tap(phone.page.getByRole('dialog').locator('label.chip').filter({ hasText: 'Blev inte av' }));
  await phone.tap(phone.page.getByRole('dialog').getByRole('button', { name: 'Ta tillbaka' }));
  await phone.goTo('#/');
  await sent(phone);
  await phone.offline(true);
  await phone.logPatrol();
  const [three] = await slipOf(phone);
  await expect(phone.page.getByText('Servern går inte att fråga just nu.')).toBeVisible();
  expect(three?.[0]).toBe('4');
  await phone.goTo('#/');
  await phone.offline(false);
  await sent(phone);
  const [all, there, counts] = await slipOf(phone);
  expect([all?.[0], there, counts?.[0]]).toEqual(['4', all, '2']);
  await expect(phone.page.getByText('Tillbakatagen. Den räknas inte.')).toBeVisible();
  await expect(phone.page.locator('.told .id')).toHaveText(/^[0-9a-f-]{36}$/);
  expect(await deskSums(desk)).toEqual([all?.[1], counts?.[1]]);
  await desk.page
    .getByRole('button', { name: /Visa det som inte räknas/ })
    .first()
    .click();
  await expect(desk.page.locator('.slips .id')).toHaveText(await phone.page.locator('.told .id').innerText());

  await passesAxe(phone.page, 'slip');
  await pressable(phone.page, 'slip');
  for (const [width, percent] of [
    [320, 100],
    [360, 200],
  ] as const) {
    await phone.page.setViewportSize({ width, height: 800 });
    await textSize(phone.page, percent);
    await fits(phone.page, `slip ${width} px ${percent} %`);
  }
});

test('The slip is reached and read with the keyboard alone', async ({ house }) => {
  const phone = await house.installed();
  await phone.logPatrol('Torget');
  await sent(phone);
  const { page } = phone;
  await phone.goTo('#/unsent');
  await page.getByRole('link', { name: /^Kvitto/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Kvitto' })).toBeFocused();
  await expect(page.locator('.fold > summary')).toHaveCount(1);
  for (
    let i = 0;
    i < 3 && !(await page.locator('.fold > summary').evaluate((e) => e === document.activeElement));
    i += 1
  )
    await page.keyboard.press('Tab');
  await expect(page.locator('.fold > summary')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Inget skiljer')).toBeVisible();
});
