import { expect, PATROLS, test } from './house';

const SENT = { timeout: 10_000 };

test('A correction made without a network reaches the desk, and both say what was before', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await phone.offline(true);
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('link', { name: 'Rätta' }));
  await phone.tap(phone.page.locator('label.chip').filter({ hasText: /^60$/ }));
  await phone.tap(phone.place('Parken'));
  await phone.tap(phone.save);
  await expect(phone.page.getByRole('heading', { level: 1 })).toHaveText('Fotpatrull, Parken');
  await expect(phone.stateShown).toContainText('Sparad på telefonen');
  const history = phone.page.locator('ol.timeline li');
  await expect(history.filter({ hasText: 'Rättad av dig' })).toContainText('Torget');
  await expect(history.filter({ hasText: 'Rättad av dig' })).toContainText('Parken');
  await phone.offline(false);
  await expect(phone.stateShown).toContainText('Mottagen', SENT);
  expect(await desk.counted(PATROLS)).toBe(1);
  const [entry] = await desk.entries('foot_patrol');
  expect(entry).toMatchObject({ minutes: 60, flags: ['edited'] });
  await desk.openFigure(PATROLS);
  await desk.openEntry(0);
  await expect(desk.historyLines).toHaveCount(2);
  await expect(desk.page.getByRole('main')).toContainText('Torget');
  await expect(desk.page.getByRole('main')).toContainText('Parken');
});

test('What is taken back with a reason no longer counts and is still there', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  await phone.logPatrol();
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  expect(await desk.counted(PATROLS)).toBe(2);
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('button', { name: 'Ta tillbaka' }));
  const sheet = phone.page.getByRole('dialog');
  await phone.tap(sheet.getByRole('button', { name: 'Ta tillbaka' }));
  await expect(sheet).toContainText('Välj ett svar.'); // a reason is asked for
  await phone.tap(sheet.locator('label.chip').filter({ hasText: 'Loggad två gånger' }));
  await phone.tap(sheet.getByRole('button', { name: 'Ta tillbaka' }));
  await expect(phone.page.getByText('Tillbakatagen: Loggad två gånger')).toBeVisible();
  await phone.goTo('#/');
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await expect.poll(() => desk.counted(PATROLS), SENT).toBe(1);
  await desk.shows(PATROLS, 1);
  await expect(phone.latest.filter({ hasText: 'Tillbakatagen' })).toHaveCount(1);
});

test('Undo takes the entry away from lists and figures', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await phone.tap(phone.page.getByRole('button', { name: 'Ångra' }));
  await expect(phone.page.getByText('Ångrad. Den räknas inte.').first()).toBeVisible();
  await expect(phone.latest).toHaveCount(0);
  await expect.poll(() => desk.counted(PATROLS), SENT).toBe(0);
  await desk.shows(PATROLS, 0);
});

test('A correction can be undone, and the history keeps both', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('link', { name: 'Rätta' }));
  await phone.tap(phone.page.locator('label.chip').filter({ hasText: /^120$/ }));
  await phone.tap(phone.save);
  await expect(phone.page.locator('dl.facts')).toContainText('120 min');
  await phone.tap(phone.page.getByRole('button', { name: 'Ångra' }));
  await expect(phone.page.locator('dl.facts')).toContainText('30 min');
  await expect(phone.page.locator('ol.timeline li').filter({ hasText: 'Rättad' })).toHaveCount(2);
  await expect(phone.stateShown).toContainText('Mottagen', SENT);
  await expect.poll(async () => (await desk.entries('foot_patrol'))[0]?.minutes, SENT).toBe(30);
});
