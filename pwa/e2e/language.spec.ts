import type { Page } from '@playwright/test';
import { en } from '../src/text/en';
import { sv } from '../src/text/sv';
import { expect, test } from './house';
import { DESK, FIELD, livedIn } from './screens';

type Text = string | { one: string; other: string };

/** Sentences of the one language without anything to fill in, that are others in the other. */
function sentences(of: Record<string, Text>, other: Record<string, Text>): string[] {
  const forms = (t: Text | undefined): string[] =>
    t === undefined ? [] : typeof t === 'string' ? [t] : [t.one, t.other];
  return Object.keys(of).flatMap((key) =>
    forms(of[key]).filter((t, i) => t !== forms(other[key])[i] && !t.includes('{')),
  );
}

/** Lines of a screen that are sentences of a language. */
async function spoken(page: Page, of: string[]): Promise<string[]> {
  const lines = (await page.locator('body').innerText()).split('\n').map((l) => l.trim());
  return lines.filter((l) => of.includes(l));
}

test('The phone speaks English everywhere when it is chosen, and goes on doing so without a network', async ({
  house,
}) => {
  test.setTimeout(60_000);
  const swedish = sentences(sv, en);
  const phone = await house.phone();
  await livedIn(house, phone);
  await phone.speak('English');
  await expect(phone.page.locator('html')).toHaveAttribute('lang', 'en');
  for (const screen of FIELD) {
    await screen.open(phone);
    expect
      .soft(
        await spoken(
          phone.page,
          swedish.filter((t) => t !== 'Svenska'),
        ),
        screen.name,
      )
      .toEqual([]);
  }
  await phone.coldStart();
  await expect(phone.page.getByRole('heading', { name: 'Your latest' })).toBeVisible();
  await phone.speak('Svenska');
  await phone.goTo('#/');
  await expect(phone.page.getByRole('heading', { name: 'Senast från dig' })).toBeVisible();
  expect(await spoken(phone.page, sentences(en, sv))).toEqual([]);
});

test('A phone in English is met in English, and a desk changes language', async ({ house }) => {
  const phone = await house.phone({ lang: 'en' });
  await phone.open();
  await expect(phone.page.getByRole('heading', { name: 'Connect the phone to your town' })).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Svenska' }));
  await expect(phone.page.getByRole('heading', { name: 'Koppla telefonen till er kommun' })).toBeVisible();

  const desk = await house.desk();
  await desk.speak('English');
  for (const screen of DESK) {
    await screen.open(desk);
    expect.soft(await spoken(desk.page, sentences(sv, en)), screen.name).toEqual([]);
  }
  await desk.speak('Svenska');
  expect(await spoken(desk.page, sentences(en, sv))).toEqual([]);
});
