import { expect, PATROLS, test } from './house';

/** From the moment the network is there until all is said to be received. */
const SOON = { timeout: 5000 };

test('A patrol that was logged without a network survives everything and counts once', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await desk.shows(PATROLS, 0);
  await expect(phone.pill).toHaveText(/Inget att skicka|Allt skickat/);

  await test.step('three taps from a cold start without a network', async () => {
    await phone.coldStart();
    phone.taps = 0;
    await phone.logPatrol('Torget');
    expect(phone.taps).toBeLessThanOrEqual(3);
    await expect(phone.pill).toContainText('1 ej skickad');
    await expect(phone.latest.first()).toContainText('Fotpatrull, Torget');
    await expect(phone.latest.first()).toContainText('Sparad på telefonen');
  });

  await test.step('a reload and a killed browser change nothing', async () => {
    await phone.page.reload();
    await expect(phone.latest).toHaveCount(1);
    await expect(phone.pill).toContainText('1 ej skickad');
    await phone.coldStart();
    await expect(phone.latest).toHaveCount(1);
    await expect(phone.latest.first()).toContainText('Sparad på telefonen');
    await expect(phone.pill).toContainText('1 ej skickad');
  });

  await test.step('the place is remembered: two taps for the next one', async () => {
    phone.taps = 0;
    await phone.logPatrol();
    expect(phone.taps).toBe(2);
    await expect(phone.latest).toHaveCount(2);
    await expect(phone.pill).toContainText('2 ej skickade');
  });

  await test.step('with a network both are received, and the open desk follows', async () => {
    await phone.offline(false);
    await expect(phone.latest.filter({ hasText: 'Mottagen' })).toHaveCount(2, SOON);
    await expect(phone.pill).toContainText('Allt skickat', SOON);
    await desk.shows(PATROLS, 2, 2000);
  });

  await test.step('the figure opens exactly these entries, and an entry its history', async () => {
    expect(await desk.counted(PATROLS)).toBe(2);
    await desk.openFigure(PATROLS);
    await expect(desk.entryRows).toHaveCount(2);
    for (const row of await desk.entryRows.all()) await expect(row).toContainText('Torget');
    await desk.openEntry(0);
    await expect(desk.page.getByRole('main')).toContainText('Polisen');
    await expect(desk.historyLines).toHaveCount(1);
  });
});

test('A phone follows what was sent from it, whatever page is open', async ({ house }) => {
  const phone = await house.installed();
  await phone.offline(true);
  await phone.logPatrol('Parken');
  await phone.tap(phone.pill);
  await expect(phone.page.getByText('1 post finns bara på den här telefonen')).toBeVisible();
  await expect(phone.page.getByText('Utan nät just nu.')).toBeVisible();
  await phone.offline(false);
  await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible(SOON);
});
