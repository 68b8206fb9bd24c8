import { expect, test } from './house';

const WORKER = '/app/sw.js';

test('A new version waits for an open draft, and takes over when it is saved', async ({ house }) => {
  const road = await house.road();
  const phone = await house.installed({}, road.origin);
  await phone.tap(phone.after);
  await phone.tap(phone.place('Torget'));
  const note = phone.page.getByRole('textbox', { name: /Anteckning/ });
  await note.fill('Halvskriven');
  await phone.page.evaluate(() => void ((window as unknown as { mark: number }).mark = 1));
  const same = () => phone.page.evaluate(() => (window as unknown as { mark?: number }).mark === 1);

  road.change.set(WORKER, (body) => `${body}\n// another build`);
  await phone.page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await phone.page.waitForFunction(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
  await phone.page.waitForTimeout(500); // it would reload now, if it did
  expect(await same()).toBe(true);
  await expect(note).toHaveValue('Halvskriven');

  const other = await phone.context.newPage();
  await other.goto(`${phone.origin}/app/#/mine`);
  await other.getByRole('link', { name: 'Hem' }).click();
  await other.getByRole('button', { name: 'Byt nu' }).click();
  await expect(other.getByText('Ett utkast är öppet. Spara eller släng det, så byts versionen.')).toBeVisible();
  expect(await same()).toBe(true);
  await other.close();

  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(1);
  await phone.tap(phone.page.getByRole('button', { name: 'Byt nu' }));
  await expect.poll(() => same().catch(() => true)).toBe(false);
  await expect(phone.latest).toHaveCount(1);
  await expect(phone.page.getByRole('button', { name: 'Byt nu' })).toHaveCount(0);
});
