import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fits, passesAxe, pressable, textSize } from './fit';
import { expect, type House, PATROLS, test } from './house';
import type { Phone } from './phone';

const LATER = { timeout: 15_000 };
const [KIM, MARIA] = ['1234', '567890'];
const sent = (phone: Phone) => expect(phone.pill).toContainText(/Allt skickat|Inget att skicka/, LATER);

/** Gives the one who is in a code. */
async function chooseCode(phone: Phone, pin: string): Promise<void> {
  await phone.goTo('#/code');
  await phone.page.getByRole('textbox', { name: 'Ny kod' }).fill(pin);
  await phone.tap(phone.page.getByRole('button', { name: 'Spara koden' }));
  await expect(phone.page.getByText('Koden är sparad.').first()).toBeVisible();
}

/** Kim is on the phone with a code, then Maria. */
async function shared(house: House, origin = house.server.origin): Promise<Phone> {
  const phone = await house.installed({}, origin);
  await sent(phone);
  await chooseCode(phone, KIM);
  await phone.goTo('#/persons');
  await phone.tap(phone.page.getByRole('button', { name: 'Lägg till en person' }));
  const { short } = await house.server.invite('field');
  await phone.skipWelcome();
  await phone.page.getByRole('textbox', { name: 'Kod' }).fill(short);
  await phone.tap(phone.page.getByRole('button', { name: 'Fortsätt' }));
  await phone.tellWho('Maria Ek', 'Kommunen', MARIA);
  await sent(phone);
  return phone;
}

async function lock(phone: Phone): Promise<void> {
  await phone.goTo('#/persons');
  await phone.tap(phone.page.getByRole('button', { name: 'Lås nu' }));
  await expect(phone.page.getByRole('heading', { name: 'Vem är det som loggar?' })).toBeVisible();
}

type Line = { record?: { event?: string; carrier: string }; person?: { id: string; name: string } };

/** The command line, beside the running server. */
async function command(house: House, ...args: string[]): Promise<string> {
  const all = [...args, '--data', house.server.data];
  const { stdout } = await promisify(execFile)(house.server.binary, all, { maxBuffer: 1 << 26 });
  return stdout;
}

/** Who wrote each patrol that the server has, and who carried it, by the operator's export. */
async function authors(house: House): Promise<string[]> {
  const lines = (await command(house, 'export'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const names = new Map(lines.flatMap(({ person }) => (person ? [[person.id, person.name] as const] : [])));
  return lines
    .flatMap(({ record }) => {
      const event = JSON.parse(record?.event ?? '{}') as { by?: string; new?: { kind: string } };
      if (event.new?.kind !== 'foot_patrol') return [];
      return [`${names.get(event.by ?? '')}, carried by ${names.get(record?.carrier ?? '')}`];
    })
    .sort();
}

test('Two who share a phone without a network are both sent once, each as the author', async ({ house }) => {
  test.setTimeout(90_000);
  const phone = await shared(house);
  const desk = await house.desk();
  await phone.offline(true);
  await phone.logPatrol('Parken');
  await lock(phone);
  await phone.enter('Kim Lind', KIM);
  await phone.logPatrol('Torget');
  await expect(phone.pill).toContainText('2 ej skickade');
  await phone.goTo('#/unsent');
  await expect(phone.page.getByText('1 post från någon annan på telefonen väntar också.')).toBeVisible();
  await expect(phone.page.locator('a.item[href*="/entry/"]')).toHaveCount(1);

  await phone.coldStart(); // killed: the curtain is drawn
  await expect(phone.page.getByRole('heading', { name: 'Vem är det som loggar?' })).toBeVisible();
  await expect(phone.page.locator('body')).not.toContainText(/Torget|Parken/);
  await phone.enter('Maria Ek', MARIA);
  await expect(phone.latest).toHaveCount(1);
  await expect(phone.latest).toContainText('Parken');

  await phone.goTo('#/out');
  await expect(phone.page.getByRole('heading', { name: '1 post är inte skickad än' })).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Logga ut och lås posterna' }));
  await expect(phone.page.getByLabel('Din kod')).toBeVisible(); // Kim alone is left to be chosen
  await expect(phone.page.locator('body')).not.toContainText(/Maria|Parken/);
  await phone.enter('Kim Lind', KIM);
  await expect(phone.pill).toContainText('2 ej skickade');
  await phone.offline(false);
  await phone.goTo('#/unsent');
  await phone.tap(phone.page.getByRole('button', { name: 'Försök nu' }));
  await expect(phone.page.getByRole('heading', { name: 'Allt är skickat' })).toBeVisible(LATER);
  expect(await desk.counted(PATROLS)).toBe(2);
  expect(await authors(house)).toEqual(['Kim Lind, carried by Kim Lind', 'Maria Ek, carried by Kim Lind']);

  const again = await inviteAgain(house, 'Maria Ek');
  await phone.goTo('#/');
  await phone.page.goto('about:blank');
  await phone.open(`#k=${again}`);
  await expect(phone.page.getByRole('textbox', { name: 'Ditt namn' })).toHaveValue('Maria Ek');
  await phone.tellWho('Maria Ek', 'Kommunen', MARIA);
  await expect(phone.latest).toContainText('Parken'); // what she wrote is hers again
  expect(await desk.counted(PATROLS)).toBe(2);
});

/** A link that lets somebody in again as the same account. */
async function inviteAgain(house: House, name: string): Promise<string> {
  const people = await command(house, 'person', 'list');
  const line = people.split('\n').find((text) => text.includes(name)) ?? '';
  const account = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(line)?.[0] ?? '';
  const invited = await command(house, 'invite', '--role', 'field', '--account', account, '--json');
  return /#k=([\w-]+)/.exec(invited)?.[1] ?? '';
}

test('The addresses of one give the other nothing, nor does the way back', async ({ house }) => {
  const phone = await shared(house);
  await phone.offline(true);
  await phone.tap(phone.after);
  await phone.tap(phone.place('Parken'));
  await phone.tap(phone.save);
  await phone.tap(phone.latest.first());
  await expect(phone.stateShown).toBeVisible();
  const mine = new URL(phone.page.url()).hash;
  await phone.goTo('#/log/safety_walk');
  await phone.tap(phone.more);
  await phone.page.getByRole('textbox', { name: /Anteckning/ }).fill('Marias halvskrivna');
  await phone.page.waitForTimeout(400);
  await lock(phone);
  await phone.enter('Kim Lind', KIM);
  await expect(phone.start).toBeVisible();
  for (const hash of [mine, mine.replace('entry', 'edit'), '#/mine', '#/unsent', '#/log/safety_walk', '#/out', '#/']) {
    await phone.goTo(hash);
    await expect(phone.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(phone.page.locator('body')).not.toContainText(/Parken, |Marias halvskrivna/);
    const typed = await phone.page
      .locator('input, textarea')
      .evaluateAll((all) => all.map((f) => (f as HTMLInputElement).value));
    expect(typed.join()).not.toContain('Marias');
    expect(await phone.page.title()).not.toContain('Parken');
  }
  for (let i = 0; i < 8; i++) {
    await phone.page.evaluate(() => history.back());
    await expect(phone.page.locator('body')).not.toContainText(/Parken, |Marias halvskrivna/);
  }
  await phone.page.reload();
  await phone.enter('Kim Lind', KIM);
  await expect(phone.start).toBeVisible();
  await expect(phone.page.locator('body')).not.toContainText(/Marias halvskrivna/);
  await lock(phone);
  await phone.enter('Maria Ek', MARIA);
  await expect(phone.page.getByRole('heading', { level: 1, name: /Hem|Fotpatrull|Trygghets/ })).toBeAttached();
  await phone.goTo('#/log/safety_walk');
  await expect(phone.page.getByRole('textbox', { name: /Anteckning/ })).toHaveValue('Marias halvskrivna');
});

test('A change of person takes the other tab along, and what was being written there stays its writer’s', async ({
  house,
}) => {
  const phone = await shared(house);
  await phone.offline(true);
  const second = await phone.context.newPage();
  await second.goto(`${phone.origin}/app/`);
  await second.getByRole('button', { name: 'Maria Ek' }).click();
  await second.getByLabel('Din kod').fill(MARIA);
  await second.getByRole('button', { name: 'Öppna' }).click();
  await expect(second.locator('.dock .split .btn-1')).toBeVisible();
  await second.evaluate(() => void (location.hash = '#/log/foot_patrol/after'));
  await second.locator('.fold > summary').first().click();
  await second.getByRole('textbox', { name: /Anteckning/ }).fill('Marias i andra fliken');
  await lock(phone);
  await expect(second.getByRole('heading', { name: 'Vem är det som loggar?' })).toBeVisible();
  await phone.enter('Kim Lind', KIM);
  await expect(second.locator('.dock .split .btn-1')).toBeVisible(); // Kim, without showing the code twice
  for (const page of [phone.page, second]) {
    await page.evaluate(() => void (location.hash = '#/log/foot_patrol/after'));
    await page.locator('.fold > summary').first().click();
    await expect(page.getByRole('textbox', { name: /Anteckning/ })).toHaveValue('');
    await page.evaluate(() => void (location.hash = '#/'));
  }
  await lock(phone);
  await phone.enter('Maria Ek', MARIA);
  await expect(phone.page.getByRole('heading', { level: 1, name: /Hem|Fotpatrull|Trygghets/ })).toBeAttached();
  await phone.goTo('#/log/foot_patrol/after');
  await expect(phone.page.getByRole('textbox', { name: /Anteckning/ })).toHaveValue('Marias i andra fliken');
});

test('A wrong code waits after five attempts, over a kill too, and a new link lets the same person in with everything', async ({
  house,
}) => {
  test.setTimeout(60_000);
  const phone = await shared(house);
  await phone.offline(true);
  await phone.logPatrol('Parken');
  await lock(phone);
  await phone.tap(phone.page.getByRole('button', { name: 'Maria Ek' }));
  const open = phone.page.getByRole('button', { name: 'Öppna' });
  for (let left = 4; left > 0; left--) {
    await phone.page.getByLabel('Din kod').fill('0000');
    await phone.tap(open);
    await expect(phone.page.getByText(`${left} försök kvar`)).toBeVisible();
  }
  await phone.page.getByLabel('Din kod').fill('0000');
  await phone.tap(open);
  await expect(phone.page.getByText(/Försök igen klockan/)).toBeVisible();
  await phone.coldStart();
  await phone.enter('Maria Ek', MARIA);
  await expect(phone.page.getByText(/Försök igen klockan/)).toBeVisible();
  await phone.offline(false);
  await phone.page.goto('about:blank');
  await phone.open(`#k=${await inviteAgain(house, 'Maria Ek')}`);
  await phone.tellWho('Maria Ek', 'Kommunen', '8642');
  await expect(phone.latest).toContainText('Parken');
  await sent(phone);
  expect(await authors(house)).toEqual(['Maria Ek, carried by Maria Ek']);
});

test('Who is alone and signs out with all sent leaves nothing to see, and the server forgets the phone', async ({
  house,
}) => {
  const phone = await house.installed();
  await phone.logPatrol('Torget');
  await sent(phone);
  await phone.goTo('#/out');
  await expect(phone.page.getByRole('heading', { name: 'Allt du har loggat är skickat' })).toBeVisible();
  const told = phone.page.waitForResponse(
    (r) => r.request().method() === 'DELETE' && r.url().endsWith('/api/v1/phone'),
  );
  await phone.tap(phone.page.getByRole('button', { name: 'Logga ut' }));
  await expect(phone.page.getByRole('heading', { name: 'Logga det ni har lovat' })).toBeVisible();
  expect((await told).status()).toBe(204);
  for (const hash of ['#/mine', '#/unsent', '#/settings', '#/out']) {
    await phone.goTo(hash);
    await expect(phone.page.locator('body')).not.toContainText(/Torget|Kim Lind/);
  }
  await expect
    .poll(() =>
      phone.page.evaluate(async () => (await indexedDB.databases()).filter((d) => d.name?.startsWith('cache-')).length),
    )
    .toBe(0);
});

test('A phone that is connected already has a way back from connecting', async ({ house }) => {
  const phone = await house.installed();
  await phone.goTo('#/connect');
  await phone.tap(phone.page.getByRole('link', { name: 'Tillbaka' }));
  await expect(phone.start).toBeVisible();
});

test('One person without a code sees no lock, however the app is started', async ({ house }) => {
  const phone = await house.installed();
  await phone.coldStart();
  await expect(phone.start).toBeVisible();
});

test('The screens of those who share a phone can be used by all', async ({ house }) => {
  test.setTimeout(60_000);
  const phone = await shared(house);
  const { page } = phone;
  await lock(phone);
  const look = async (where: string) => {
    await pressable(page, where);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await passesAxe(page, `${where} ${colorScheme}`);
      if (process.env.PERSONS_SHOTS)
        await page.screenshot({ path: `${process.env.PERSONS_SHOTS}/${where}-${colorScheme}.png` });
    }
    for (const [width, percent] of [
      [360, 100],
      [320, 100],
      [360, 200],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await textSize(page, percent);
      await fits(page, `${where} ${width} px ${percent} %`);
    }
    await page.setViewportSize({ width: 360, height: 800 });
    await textSize(page, 100);
  };
  await look('chooser');
  await page.getByRole('button', { name: 'Kim Lind' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Din kod')).toBeFocused();
  await page.keyboard.type('00');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Skriv fyra till åtta siffror.')).toBeVisible();
  await page.getByText('Glömt koden?').click();
  await look('pin');
  await page.getByLabel('Din kod').fill(KIM);
  await page.keyboard.press('Enter');
  await expect(phone.start).toBeVisible();
  await phone.goTo('#/code');
  await expect(page.getByLabel('Koden du har nu')).toBeVisible();
  await look('code-change');
  await phone.goTo('#/connect');
  await look('connect-shared');
});
