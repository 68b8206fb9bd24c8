import { expect, PATROLS, test } from './house';
import type { Phone } from './phone';

/** At the park of the example town. */
const PARK = { latitude: 59.8405, longitude: 13.5399, accuracy: 20 };
const BY_DISTANCE = [/Parken nära dig/, /Torget 300 m/, /Skolgården 500 m/, /Busstationen 500 m/, /Badplatsen 1,7 km/];
const AS_THE_TOWN_HAS_THEM = ['Torget', 'Busstationen', 'Skolgården', 'Parken', 'Badplatsen'];

const rows = (phone: Phone) => phone.page.locator('li.place label');
const near = (phone: Phone) => phone.page.getByRole('button', { name: /Närmast först|Ordna efter avstånd/ });
const said = (phone: Phone) => phone.page.locator('fieldset:has(li.place) > [role=status]');
const sent = (phone: Phone) => expect(phone.pill).toContainText('Allt skickat', { timeout: 10_000 });

/** The phone's sense of place answers when the test says so, or never. */
async function slowSense(phone: Phone): Promise<(coords: object) => Promise<void>> {
  await phone.context.addInitScript(() => {
    const asked: PositionCallback[] = [];
    navigator.geolocation.getCurrentPosition = (found) => void asked.push(found);
    Object.assign(window, {
      answerPosition: (coords: object) =>
        asked.splice(0).forEach((found) => found({ coords } as unknown as GeolocationPosition)),
    });
  });
  await phone.page.reload();
  await expect(phone.start).toBeVisible();
  return (coords) =>
    phone.page.evaluate(
      (c) => (window as unknown as { answerPosition: (c: object) => void }).answerPosition(c),
      coords,
    );
}

/** A tap on the row where it stands, and Save: whatever the position does, this works. */
async function logs(phone: Phone, place: string): Promise<void> {
  await phone.tap(phone.place(place));
  await phone.tap(phone.save);
  await expect(phone.latest.first()).toContainText(place);
}

test('Places stand nearest first when the phone may say where it is, and next time without asking', async ({
  house,
}) => {
  const phone = await house.installed();
  await phone.context.grantPermissions(['geolocation'], { origin: phone.origin });
  await phone.context.setGeolocation(PARK);
  await phone.tap(phone.after);
  await expect(rows(phone)).toHaveText(AS_THE_TOWN_HAS_THEM);
  await expect(said(phone)).toContainText('Den sparas inte och skickas inte');
  await phone.tap(near(phone));
  await expect(said(phone)).toHaveText(/Ordnad efter avstånd|Positionen är hämtad/);
  if ((await near(phone).innerText()) === 'Ordna efter avstånd') await phone.tap(near(phone)); // a slow machine
  await expect(rows(phone)).toHaveText(BY_DISTANCE);
  await logs(phone, 'Torget');

  await phone.tap(phone.after);
  await expect(near(phone)).toHaveText(/Närmast först|Ordna efter avstånd/);
  await expect(async () => {
    if ((await near(phone).innerText()) === 'Ordna efter avstånd') await phone.tap(near(phone));
    await expect(rows(phone)).toHaveText(BY_DISTANCE, { timeout: 500 });
  }).toPass();
  await expect(phone.page.getByRole('radio', { name: /Torget/ })).toBeChecked();
});

test('A position that comes late moves no row until a tap', async ({ house }) => {
  const phone = await house.installed();
  const answer = await slowSense(phone);
  await phone.tap(phone.after);
  await phone.tap(near(phone));
  await expect(said(phone)).toHaveText('Hämtar positionen. Du behöver inte vänta.');
  await phone.page.waitForFunction(
    (since) => performance.now() - since > 400,
    await phone.page.evaluate(() => performance.now()),
  );
  await answer(PARK);
  await expect(said(phone)).toContainText('Positionen är hämtad');
  await expect(rows(phone)).toHaveText(AS_THE_TOWN_HAS_THEM);
  await phone.tap(near(phone));
  await expect(rows(phone)).toHaveText(BY_DISTANCE);
});

test('Saving does not wait for a position that never comes', async ({ house }) => {
  const phone = await house.installed();
  await slowSense(phone);
  await phone.tap(phone.after);
  await phone.tap(near(phone));
  await expect(said(phone)).toHaveText('Hämtar positionen. Du behöver inte vänta.');
  await logs(phone, 'Busstationen');
});

test('A phone that may not say where it is has the list as it was', async ({ house }) => {
  const phone = await house.installed();
  await phone.context.clearPermissions();
  await phone.tap(phone.after);
  await phone.tap(near(phone));
  await expect(said(phone)).toHaveText('Telefonen får inte visa var du är. Välj ur listan, det räcker.');
  await expect(rows(phone)).toHaveText(AS_THE_TOWN_HAS_THEM);
  await logs(phone, 'Skolgården');
});

test('A phone without a sense of place is not asked for it', async ({ house }) => {
  const phone = await house.installed();
  await phone.context.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'geolocation', { get: () => undefined }),
  );
  await phone.page.reload();
  await phone.tap(phone.after);
  await expect(near(phone)).toHaveCount(0);
  await phone.tap(phone.page.getByRole('button', { name: 'Annan plats eller nål' }));
  await expect(phone.page.getByRole('dialog')).toBeVisible();
  await expect(phone.page.getByText('Nål där du står')).toHaveCount(0);
  await phone.page.keyboard.press('Escape');
  await logs(phone, 'Parken');
});

test('A place that is missing is proposed without a network, accepted at the desk, and offered to the others', async ({
  house,
}) => {
  test.setTimeout(90_000);
  const [kim, noor] = [await house.installed(), await house.installed()];
  await kim.context.grantPermissions(['geolocation'], { origin: kim.origin });
  await kim.context.setGeolocation({ latitude: 59.838712, longitude: 13.543498, accuracy: 10 });
  await kim.offline(true);
  await kim.tap(kim.after);
  await kim.propose('Gångtunneln', 'Ungefär');
  await expect(rows(kim).first()).toHaveText('Gångtunneln föreslagen');
  await kim.tap(kim.save);
  await expect(kim.latest.first()).toContainText('Gångtunneln');
  await kim.coldStart();
  await expect(kim.latest.first()).toContainText('Gångtunneln');
  await kim.goTo('#/unsent');
  await expect(kim.page.getByText('Gångtunneln, föreslagen plats')).toBeVisible();
  await expect(kim.page.getByText('2 poster finns bara på den här telefonen')).toBeVisible();
  await kim.goTo('#/');
  await kim.offline(false);
  await sent(kim);

  const desk = await house.desk();
  await expect.poll(() => desk.counted(PATROLS)).toBe(1);
  const { places, proposals } = await desk.places();
  expect(places).toHaveLength(5);
  expect([proposals[0]?.st.f.lat?.h[0]?.v, proposals[0]?.st.f.lon?.h[0]?.v]).toEqual([5_983_830, 1_354_314]);
  await desk.goTo('attention');
  await desk.page.getByRole('link', { name: 'Svara på förslaget bland platserna' }).click();
  const card = desk.page.locator('#proposed + ul li').filter({ hasText: 'Gångtunneln' });
  await expect(card).toContainText('100 m från Torget');
  await desk.goTo('entries');
  await expect(desk.entryRows).toContainText(['Gångtunneln']);

  await desk.goTo('places');
  await card.getByRole('button', { name: 'Ta upp under annat namn' }).click();
  await card.getByRole('textbox', { name: 'Namn' }).fill('Tunneln vid torget');
  await card.getByRole('button', { name: 'Ta upp i listan', exact: true }).click();
  await expect(desk.page.locator('.undo')).toContainText('Tunneln vid torget finns i listan');
  await expect(desk.page.getByRole('rowheader', { name: 'Tunneln vid torget' })).toBeVisible();

  await noor.goTo('#/unsent');
  await noor.tap(noor.page.getByRole('button', { name: 'Försök nu' }));
  await noor.goTo('#/log/foot_patrol/after');
  await expect(rows(noor).last()).toHaveText('Tunneln vid torget', { timeout: 10_000 });
  await kim.goTo('#/unsent');
  await kim.tap(kim.page.getByRole('button', { name: 'Försök nu' }));
  await kim.goTo('#/');
  await expect(kim.latest.first()).toContainText('Tunneln vid torget', { timeout: 10_000 });
  await kim.logPatrol();
  await sent(kim);
  await desk.goTo('places');
  await expect(desk.page.getByRole('link', { name: '2 gjorda där' })).toBeVisible();
  await desk.page.getByRole('link', { name: '2 gjorda där' }).click();
  await expect(desk.entryRows).toHaveCount(2);
});

test('A proposal that is another place counts there, and one that is declined says why on the phone', async ({
  house,
}) => {
  test.setTimeout(90_000);
  const phone = await house.installed();
  for (const name of ['Stortorget', 'Kalles hus']) {
    await phone.tap(phone.after);
    await phone.propose(name);
    await phone.tap(phone.save);
    await expect(phone.latest.first()).toContainText(name);
  }
  await sent(phone);
  const desk = await house.desk();
  await desk.goTo('places');
  const card = (name: string) => desk.page.locator('#proposed + ul li').filter({ hasText: name });
  await card('Stortorget')
    .getByRole('button', { name: /Är en annan/ })
    .click();
  await card('Stortorget').getByRole('combobox').selectOption('Torget');
  await card('Stortorget').getByRole('button', { name: 'Är samma' }).click();
  await expect(desk.page.locator('.undo')).toContainText('Stortorget räknas som Torget.');
  await card('Kalles hus')
    .getByRole('button', { name: /Är en annan/ })
    .click();
  await card('Kalles hus')
    .getByRole('textbox', { name: /En mening/ })
    .fill('Skriv ingen hemadress.');
  await card('Kalles hus')
    .getByRole('textbox', { name: /Visas på/ })
    .fill('En plats i byn');
  await card('Kalles hus').getByRole('button', { name: 'Avböj', exact: true }).click();
  await expect(desk.page.getByText('Borttagen ur listan: Skriv ingen hemadress.')).toBeVisible();
  await expect(desk.page.getByRole('row').filter({ hasText: 'Torget' })).toContainText('1 gjort där');

  await phone.goTo('#/unsent');
  await phone.tap(phone.page.getByRole('button', { name: 'Försök nu' }));
  await phone.goTo('#/');
  await expect(phone.latest.nth(1)).toContainText('Torget', { timeout: 10_000 });
  await expect(phone.latest.first()).toContainText('En plats i byn');
  await phone.tap(phone.latest.first());
  await expect(phone.page.getByText('Om platsen En plats i byn: Skriv ingen hemadress.')).toBeVisible();
  await phone.goTo('#/log/foot_patrol/after');
  await expect(rows(phone)).toHaveText(AS_THE_TOWN_HAS_THEM);
});

test('A proposal made by mistake is taken back where it was made', async ({ house }) => {
  const phone = await house.installed();
  await phone.tap(phone.after);
  await phone.propose('Torgett');
  await phone.tap(phone.page.getByRole('button', { name: 'Ta tillbaka förslaget' }));
  await expect(said(phone)).toHaveText('Förslaget är tillbakataget.');
  await expect(rows(phone)).toHaveText(AS_THE_TOWN_HAS_THEM);
  await phone.tap(phone.place('Torget'));
  await phone.tap(phone.save);
  await sent(phone);
  const desk = await house.desk();
  expect((await desk.places()).proposals).toEqual([]);
});
