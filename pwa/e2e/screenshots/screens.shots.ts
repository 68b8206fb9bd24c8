import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import * as desk from '../../src/screens/desk/route';
import * as field from '../../src/screens/field/route';
import { expect, test } from '../house';
import { writePast } from '../past';
import { DESK, FIELD, livedIn } from '../screens';
import { ROOT } from '../server';

/** Looked at by people and kept by nobody. */
const INTO = path.join(ROOT, 'docs/screenshots');
const PHONE = { width: 360, height: 800 };
const WIDE = { width: 1280, height: 800 };
const LANGUAGES = ['sv', 'en'] as const;
/** Also seen as a patrol sees them, at night and in the sun. */
const OUTSIDE = ['home', 'home-running', 'running', 'ended', 'log'];

/** What each address of an app is called in its routes; an address that needs something gets anything. */
function places(to: object, read: (address: string) => { at: string }): string[] {
  const anything = Object.assign(new String('x'), { kind: 'x', e: null });
  const addresses = (Object.values(to) as (string | ((of: unknown) => string))[]).map((one) =>
    typeof one === 'function' ? one(anything) : one,
  );
  return [...new Set(addresses.map((address) => read(address).at))].sort();
}

async function shoot(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: path.join(INTO, `${name}.png`), fullPage });
}

async function inBoth(page: Page, shot: (theme: 'light' | 'dark') => Promise<void>): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(theme);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Puts on one of the themes that a person chooses. */
const dress = (page: Page, theme: string | null) =>
  page.evaluate((t) => {
    if (t === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = t;
  }, theme);

test.describe.configure({ mode: 'default' });
test.beforeAll(() => rmSync(INTO, { recursive: true, force: true }));

test('every screen of one town, in both languages and all themes', async ({ house }) => {
  test.setTimeout(600_000);
  await writePast(house);
  const seen = { phone: new Set<string>(), desk: new Set<string>() };

  for (const lang of LANGUAGES) {
    const phone = await house.phone();
    await livedIn(house, phone);
    if (lang === 'en') await phone.speak('English');
    for (const screen of FIELD) {
      await screen.open(phone);
      seen.phone.add(field.read(new URL(phone.page.url()).hash).at);
      await inBoth(phone.page, async (theme) => {
        await shoot(phone.page, `phone-${screen.name}-${lang}-${theme}`);
        await shoot(phone.page, `phone-${screen.name}-${lang}-${theme}-whole`, true);
      });
      if (!OUTSIDE.includes(screen.name)) continue;
      for (const theme of ['night', 'sun']) {
        await dress(phone.page, theme);
        await shoot(phone.page, `phone-${screen.name}-${lang}-${theme}`);
      }
      await dress(phone.page, null);
    }
  }

  const wide = await house.desk();
  for (const lang of LANGUAGES) {
    if (lang === 'en') await wide.speak('English');
    for (const screen of DESK) {
      await wide.page.setViewportSize(WIDE);
      await screen.open(wide);
      seen.desk.add(desk.read(new URL(wide.page.url()).pathname).at);
      await inBoth(wide.page, async (theme) => {
        for (const size of [WIDE, PHONE]) {
          await wide.page.setViewportSize(size);
          await shoot(wide.page, `desk-${screen.name}-${lang}-${theme}-${size.width}`, true);
        }
      });
    }
  }

  expect
    .soft(places(field.to, field.read), 'screens of the phone without a picture: add them to e2e/screens.ts')
    .toEqual([...seen.phone].sort());
  expect
    .soft(
      [...places(desk.to, desk.read), 'nowhere'].sort(),
      'screens of the desk without a picture: add them to e2e/screens.ts',
    )
    .toEqual([...seen.desk].sort());
});

test('the ways in', async ({ house }) => {
  test.setTimeout(300_000);
  const phone = await house.phone();
  house.watch.status(401);
  const desk = await house.openDesk();
  for (const lang of LANGUAGES) {
    await phone.open();
    await phone.page.evaluate((l) => localStorage.setItem('lofteslogg.lang', l), lang);
    await phone.page.reload();
    const key = (await house.server.invite('field')).key;
    for (const [name, hash, see] of [
      ['code', '', 'input'],
      ['who', `#k=${key}`, 'label.chip'],
    ] as const) {
      await phone.page.goto('about:blank');
      await phone.open(hash);
      await expect(phone.page.locator(see).first()).toBeVisible();
      await inBoth(phone.page, (theme) => shoot(phone.page, `phone-in-${name}-${lang}-${theme}`, true));
    }
    await phone.page.goto(`${phone.origin}/`);
    await inBoth(phone.page, (theme) => shoot(phone.page, `front-${lang}-${theme}`, true));
    await desk.page.goto(`${desk.origin}/desk/`);
    await desk.page.evaluate((l) => localStorage.setItem('lofteslogg.lang', l), lang);
    await desk.page.reload();
    await expect(desk.page.getByRole('heading', { level: 1 })).toBeVisible();
    await inBoth(desk.page, async (theme) => {
      for (const size of [WIDE, PHONE]) {
        await desk.page.setViewportSize(size);
        await shoot(desk.page, `desk-in-${lang}-${theme}-${size.width}`, true);
      }
    });
  }
});
