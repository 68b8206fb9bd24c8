import type { Page } from '@playwright/test';
import { en as deskEn } from '../src/text/desk.en';
import { sv as deskSv } from '../src/text/desk.sv';
import { en } from '../src/text/en';
import { en as moreEn } from '../src/text/more.en';
import { sv as moreSv } from '../src/text/more.sv';
import { en as personsEn } from '../src/text/persons.en';
import { sv as personsSv } from '../src/text/persons.sv';
import { sv } from '../src/text/sv';
import { fits, passesAxe, pressable, sentences, speaksNoneOf, textSize } from './fit';
import { expect, test } from './house';
import { DESK, FIELD, livedIn } from './screens';

const SWEDISH = { ...sv, ...moreSv, ...personsSv, ...deskSv };
const ENGLISH = { ...en, ...moreEn, ...personsEn, ...deskEn };
const SIZES = [
  [360, 100],
  [320, 100],
  [360, 200],
] as const;

/** Colours are the same in every language. */
async function passesInTheDark(page: Page, where: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await passesAxe(page, where, 'colours');
  await page.emulateMedia({ colorScheme: 'light' });
}

for (const lang of ['sv', 'en'] as const) {
  const others = lang === 'sv' ? sentences(ENGLISH, SWEDISH) : sentences(SWEDISH, ENGLISH);

  test(`Every screen of the phone can be used by all, in ${lang}`, async ({ house }) => {
    test.setTimeout(300_000);
    const phone = await house.phone();
    await livedIn(house, phone);
    if (lang === 'en') await phone.speak('English');
    for (const screen of FIELD) {
      await screen.open(phone);
      await speaksNoneOf(phone.page, others, `${screen.name} ${lang}: words`);
      await pressable(phone.page, `${screen.name} ${lang}: targets`);
      await passesAxe(phone.page, `${screen.name} ${lang}`);
      if (lang === 'sv') await passesInTheDark(phone.page, `${screen.name} dark`);
      for (const [width, percent] of SIZES) {
        await phone.page.setViewportSize({ width, height: 800 });
        await textSize(phone.page, percent);
        await fits(phone.page, `${screen.name} ${lang} ${width} px ${percent} %`);
      }
      await textSize(phone.page, 100);
    }
  });

  test(`Every screen of the desk can be used by all, in ${lang}`, async ({ house }) => {
    test.setTimeout(300_000);
    const pen = await house.pen();
    const places = await pen.places();
    const place = places.get('Torget') ?? '';
    const day = new Date().toISOString().slice(0, 10);
    const patrol = (parties: string[]) => ({
      kind: 'foot_patrol',
      set: { minutes: 30, parties, place, started_at: `${day}T00:10+01:00` },
    });
    const [first = ''] = await pen.write([patrol(['police']), patrol(['police', 'municipality'])]);
    await pen.push([
      { e: first, set: { minutes: 45 }, base: { minutes: [first] } },
      { e: first, set: { minutes: 60 }, base: { minutes: [first] } },
    ]);
    await pen.write([{ kind: null, set: { name: 'Bron', form: 'tunnel', lat: 5_983_920, lon: 1_354_420 } }]);
    const desk = await house.desk();
    if (lang === 'en') await desk.speak('English');
    for (const screen of DESK) {
      await screen.open(desk);
      await speaksNoneOf(desk.page, others, `desk ${screen.name} ${lang}: words`);
      await passesAxe(desk.page, `desk ${screen.name} ${lang}`);
      if (lang === 'sv') await passesInTheDark(desk.page, `desk ${screen.name} dark`);
      for (const [width, percent] of [
        [1280, 200],
        [360, 100],
        [320, 100],
      ] as const) {
        await desk.page.setViewportSize({ width, height: 800 });
        await textSize(desk.page, percent);
        await fits(desk.page, `desk ${screen.name} ${lang} ${width} px ${percent} %`);
      }
      await textSize(desk.page, 100);
      await desk.page.setViewportSize({ width: 1280, height: 800 });
    }
  });
}

test('The screens before anyone is let in can be used by all', async ({ house }) => {
  const phone = await house.phone();
  await phone.open();
  for (const step of ['Fortsätt', 'Fortsätt']) {
    await expect(phone.page.locator('.points')).toBeVisible();
    await passesAxe(phone.page, 'welcome');
    await pressable(phone.page, 'welcome');
    for (const [width, percent] of SIZES) {
      await phone.page.setViewportSize({ width, height: 800 });
      await textSize(phone.page, percent);
      await fits(phone.page, `welcome ${width} px ${percent} %`);
    }
    await textSize(phone.page, 100);
    await phone.tap(phone.page.getByRole('button', { name: step }));
  }
  await expect(phone.page.getByRole('textbox', { name: 'Kod' })).toBeVisible();
  await passesAxe(phone.page, 'code');
  await pressable(phone.page, 'code');
  await phone.tap(phone.page.getByRole('button', { name: 'Fortsätt' }));
  await passesAxe(phone.page, 'code that is too short');
  await phone.page.goto('about:blank');
  await phone.open(`#k=${(await house.server.invite('field')).key}`);
  await phone.skipWelcome();
  await expect(phone.page.getByRole('button', { name: 'Koppla telefonen' })).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Koppla telefonen' }));
  await expect(phone.page.getByText('Skriv ditt namn.')).toBeVisible();
  await passesAxe(phone.page, 'who you are');
  await pressable(phone.page, 'who you are');
  await fits(phone.page, 'who you are');
  await phone.page.goto(`${phone.origin}/`);
  await passesAxe(phone.page, 'front page');
  await pressable(phone.page, 'front page');
  house.watch.status(401);
  await phone.page.goto(`${phone.origin}/desk/`);
  await expect(phone.page.getByRole('heading', { level: 1 })).toBeVisible();
  await passesAxe(phone.page, 'desk without a session');
});

test('A double tap where Spara was cannot press what comes after it', async ({ house }) => {
  const phone = await house.installed();
  await phone.tap(phone.after);
  await phone.tap(phone.place('Torget'));
  const before = await phone.save.boundingBox();
  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(1);
  const undo = await phone.page.getByRole('button', { name: 'Ångra' }).boundingBox();
  if (!before || !undo) throw new Error('a button is not on the screen');
  const apart =
    undo.y >= before.y + before.height ||
    undo.y + undo.height <= before.y ||
    undo.x >= before.x + before.width ||
    undo.x + undo.width <= before.x;
  expect(apart).toBe(true);
});
