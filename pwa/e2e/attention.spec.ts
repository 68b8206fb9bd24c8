import type { Locator } from '@playwright/test';
import type { Desk } from './desk';
import { expect, PATROLS, test, type House } from './house';
import type { Phone } from './phone';

const SENT = { timeout: 20_000 };
/** How soon every open desk must show what was decided at one of them. */
const SOON = { timeout: 2_000 };

const things = (desk: Desk): Locator => desk.page.getByRole('navigation', { name: 'Saker att se över' });
const thing = (desk: Desk, name: string): Locator => things(desk).locator('li').filter({ hasText: name });
const badge = (desk: Desk): Locator => desk.page.locator('.side .n');

async function attend(house: House): Promise<Desk> {
  const desk = await house.desk();
  await desk.page.getByRole('link', { name: 'Se över' }).click();
  await expect(desk.page.getByRole('heading', { level: 1, name: 'Se över' })).toBeFocused();
  return desk;
}

/** Corrects the latest entry to so many minutes. */
async function correct(phone: Phone, minutes: RegExp): Promise<void> {
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('link', { name: 'Rätta' }));
  await phone.tap(phone.page.locator('label.chip').filter({ hasText: minutes }));
  await phone.tap(phone.save);
}

test.describe.configure({ timeout: 120_000 });

const day = () => new Date().toISOString().slice(0, 10);

test('What two phones corrected apart is settled at the desk, and both phones show it', async ({ house }) => {
  const [desk, second] = [await attend(house), await attend(house)];
  await expect(things(desk)).toContainText('Inget att se över');
  const one = await house.installed();
  await one.logPatrol('Torget');
  await expect(one.pill).toContainText('Allt skickat', SENT);
  const people = await desk.page.request.get(`${desk.origin}/api/v1/people`);
  const kim = ((await people.json()) as { people: { account: string; role: string }[] }).people.find(
    (p) => p.role === 'field',
  );
  const invited = await desk.page.request.post(`${desk.origin}/api/v1/people/invitations`, {
    data: { role: 'field', account: kim?.account },
  });
  const two = await house.phone();
  await two.install(/#k=([\w-]+)/.exec(((await invited.json()) as { link: string }).link)?.[1] ?? '');
  await expect(two.latest).toHaveCount(1, SENT);
  await one.offline(true);
  await two.offline(true);
  await correct(one, /^60$/);
  await correct(two, /^120$/);
  await one.offline(false);
  await two.offline(false);
  await expect(one.stateShown).toContainText('Mottagen', SENT);
  await expect(two.stateShown).toContainText('Mottagen', SENT);
  await expect(thing(desk, 'Två olika svar')).toContainText('minuter', SENT);
  await expect(badge(desk)).toHaveText('1');

  await expect(desk.page.getByRole('article')).toHaveCount(2);
  await expect(desk.page.getByRole('article').first()).toContainText('Hade sett 30');
  await expect(desk.page.getByText('Valet påverkar minuterna, inte antalet.')).toBeVisible();
  await desk.page.getByRole('button', { name: 'Använd 60' }).focus();
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.locator('.undo')).toContainText('60 gäller nu', SENT);
  await expect(things(second)).toContainText('Inget att se över', SOON);
  await expect(badge(second)).toHaveCount(0, SOON);
  for (const phone of [one, two]) {
    await expect(async () => {
      await phone.page.evaluate(() => dispatchEvent(new Event('online')));
      await expect(phone.page.locator('dl.facts')).toContainText('60 min', { timeout: 1000 });
    }).toPass({ timeout: 20_000 });
  }
  await desk.page.locator('.undo').getByRole('button', { name: 'Ångra' }).click();
  await expect(thing(second, 'Två olika svar')).toBeVisible(SENT);
  await desk.page.getByRole('button', { name: 'Skriv ett annat värde' }).click();
  await desk.page.getByRole('textbox', { name: /Annat värde/ }).fill('75');
  await desk.page.keyboard.press('Enter');
  await expect(things(second)).toContainText('Inget att se över', SENT);
  expect((await desk.entries('foot_patrol'))[0]?.minutes).toBe(75);
});

test('What is parked counts within two seconds of being let in, and can be taken back', async ({ house }) => {
  const desk = await attend(house);
  const pen = await house.pen();
  const future = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const [res] = await pen.push([{ kind: 'foot_patrol', set: { minutes: 30, started_at: `${future}T10:00+01:00` } }]);
  expect(res?.why).toBe('future');
  await expect(thing(desk, 'Räknas inte än')).toContainText('Fotpatrull', SENT);
  await expect(desk.page.getByText('Datumet ligger i framtiden.').first()).toBeVisible();
  await expect(desk.page.locator('.timeline')).toContainText('30');
  await desk.page.getByRole('button', { name: 'Släpp in' }).click();
  await expect(things(desk)).toContainText('Inget att se över', SOON);
  await expect.poll(async () => (await desk.entries('foot_patrol')).length, SOON).toBe(1);
  await desk.page.locator('.undo').getByRole('button', { name: 'Ångra' }).click();
  await expect(thing(desk, 'Räknas inte än')).toBeVisible(SENT);

  await desk.page.getByRole('button', { name: 'Håll utanför' }).click();
  await expect(things(desk)).toContainText('1 avgjord', SENT);
  await desk.page.getByText('1 avgjord').click();
  await thing(desk, 'Räknas inte än').getByRole('link').click();
  await expect(desk.page.getByText(/Hålls utanför av/)).toBeVisible();
  await desk.page.getByRole('button', { name: 'Ta tillbaka beslutet' }).click();
  await expect(thing(desk, 'Räknas inte än')).toBeVisible(SENT);
  await expect(badge(desk)).toHaveText('1');
});

test('An edit of what was taken back is looked at, and a reader sees it without buttons', async ({ house }) => {
  const desk = await attend(house);
  const pen = await house.pen();
  const set = { minutes: 30, started_at: `${day()}T00:10+01:00` };
  const [id = ''] = await pen.write([{ kind: 'foot_patrol', set }]);
  await pen.push([{ e: id, set: { retracted: 'Fel dag.' } }]);
  expect(await desk.counted(PATROLS)).toBe(0);
  const [edit] = await pen.push([{ e: id, set: { minutes: 45 }, base: { minutes: [id] } }]);
  await expect(thing(desk, 'Rättad efter att den togs tillbaka')).toBeVisible(SENT);

  const invited = await desk.page.request.post(`${desk.origin}/api/v1/people/invitations`, {
    data: { role: 'reader' },
  });
  const reader = await house.openDesk();
  await reader.signIn(/#k=([\w-]+)/.exec(((await invited.json()) as { link: string }).link)?.[1] ?? '');
  await reader.goTo('attention');
  await expect(thing(reader, 'Rättad efter att den togs tillbaka')).toBeVisible();
  await expect(reader.page.getByText('Det är samordnaren som avgör.')).toBeVisible();
  await expect(reader.page.getByRole('main').getByRole('button')).toHaveCount(0);

  await desk.page.getByRole('button', { name: 'Behåll tillbakatagen' }).click();
  await expect(things(reader)).toContainText('Inget att se över', SOON);
  await pen.push([{ e: id, set: { minutes: 50 }, base: { minutes: [edit?.id ?? ''] } }]);
  await expect(thing(desk, 'Rättad efter att den togs tillbaka')).toBeVisible(SENT);
  await desk.page.getByRole('button', { name: 'Låt den räknas igen' }).click();
  await expect.poll(() => desk.counted(PATROLS), SOON).toBe(1);
});

test('A hole after a phone that lost some of its storage is asked about, given up with a reason, and remembered', async ({
  house,
}) => {
  const desk = await attend(house);
  const phone = await house.installed();
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await phone.offline(true);
  await phone.logPatrol();
  await phone.logPatrol();
  // The storage forgets the first of the two, as a damaged one may.
  await phone.page.evaluate(async () => {
    const all = await indexedDB.databases();
    const name = all.find((each) => each.name?.startsWith('outbox'))?.name ?? '';
    const db = await new Promise<IDBDatabase>((ok) => {
      const open = indexedDB.open(name);
      open.onsuccess = () => ok(open.result);
    });
    const events = db.transaction('events', 'readwrite').objectStore('events');
    await new Promise<void>((ok) => {
      const keys = events.getAllKeys();
      keys.onsuccess = () => {
        const [second] = keys.result.filter((k) => (k as [string, number])[1] === 2);
        events.delete(second as IDBValidKey).onsuccess = () => ok();
      };
    });
    db.close();
  });
  await phone.coldStart({ offline: false });
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  await expect(thing(desk, 'Något saknas från en telefon')).toContainText('Kim Lind', SENT);
  await expect(desk.page.getByRole('heading', { name: 'En post saknas från en telefon' })).toBeVisible();
  await desk.page.getByRole('button', { name: 'Räkna som förlorade' }).click();
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByText('Skriv ett värde först.')).toBeVisible();
  await desk.page.keyboard.type('Minnet var trasigt');
  await desk.page.keyboard.press('Enter');
  await expect(things(desk)).toContainText('1 avgjord', SOON);
  await desk.page.reload();
  await desk.page.getByText('1 avgjord').click();
  await thing(desk, 'Något saknas').getByRole('link').click();
  await expect(desk.page.getByText('Räknas som förlorade: Minnet var trasigt av')).toBeVisible();
});

test('Two entries of one patrol are linked by a tap, or let alone', async ({ house }) => {
  const desk = await attend(house);
  const [police, town] = [await house.pen(), await house.pen('Noor Berg', 'municipality')];
  const place = (await police.places()).get('Torget') ?? '';
  const patrol = (parties: string[]) => ({
    kind: 'foot_patrol',
    set: { minutes: 60, parties, place, started_at: `${day()}T00:10+01:00` },
  });
  await police.write([patrol(['police'])]);
  await town.write([patrol(['municipality'])]);
  await expect(thing(desk, 'Kanske samma patrull')).toContainText('Torget', SENT);
  expect(await desk.counted(PATROLS)).toBe(2);
  await desk.page.getByRole('button', { name: 'Det är samma' }).click();
  await expect.poll(() => desk.counted(PATROLS), SOON).toBe(1);
  await desk.page.locator('.undo').getByRole('button', { name: 'Ångra' }).click();
  await expect(thing(desk, 'Kanske samma patrull')).toBeVisible(SENT);
  await desk.page.getByRole('button', { name: 'Det är två olika' }).click();
  await expect(things(desk)).toContainText('avgjord', SENT);
  expect(await desk.counted(PATROLS)).toBe(2);
});
