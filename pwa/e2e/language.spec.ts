import { expect, test } from './house';

test('The phone goes on in English without a network, and back', async ({ house }) => {
  const phone = await house.installed();
  await phone.speak('English');
  await phone.reopen();
  await expect(phone.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(phone.start).toContainText('foot patrol');
  await phone.speak('Svenska');
  await phone.goTo('#/');
  await expect(phone.start).toContainText('fotpatrull');
});

test('The language is the chosen one, however soon the phone dies', async ({ house }) => {
  const phone = await house.installed();
  await phone.speak('English');
  await phone.coldStart();
  await expect(phone.start).toContainText('foot patrol');
  await expect(phone.page.locator('html')).toHaveAttribute('lang', 'en');
});

test('A phone in English is met in English', async ({ house }) => {
  const phone = await house.phone({ lang: 'en' });
  await phone.open();
  await expect(phone.page.getByRole('heading', { name: 'Log what you have promised' })).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Svenska' }));
  await expect(phone.page.getByRole('heading', { name: 'Logga det ni har lovat' })).toBeVisible();
});

test('A desk changes language and keeps it', async ({ house }) => {
  const desk = await house.desk();
  await desk.speak('English');
  await desk.page.reload();
  await expect(desk.page.locator('html')).toHaveAttribute('lang', 'en');
  await desk.speak('Svenska');
});
