import type { Locator } from '@playwright/test';
import { expect, PATROLS, test } from './house';
import type { Phone } from './phone';

const timer = (phone: Phone) => phone.page.getByRole('timer');
const end = (phone: Phone) => phone.page.getByRole('button', { name: 'Avsluta' });
const resume = (phone: Phone) => phone.page.getByRole('button', { name: 'Fortsätt patrullen' });

async function box(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await of.boundingBox();
  if (!found) throw new Error('it is not on the screen');
  return found;
}

test('A patrol runs through killed browsers without a network, and counts once', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.tap(phone.start);
  await expect(timer(phone)).toHaveText(/^\s*0\s*min/);
  await expect(phone.page.getByText('Din position följs inte.')).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Välj plats' }));
  await phone.tap(phone.place('Parken'));
  await expect(phone.page.getByRole('heading', { name: 'Fotpatrull pågår, Parken' })).toBeAttached();

  await test.step('a cold start comes back to it', async () => {
    await phone.coldStart();
    await expect(phone.page.getByRole('heading', { name: 'Fotpatrull pågår, Parken' })).toBeAttached();
  });

  await test.step('a pause that was seen is there after the next', async () => {
    await phone.tap(phone.page.getByRole('button', { name: 'Pausa' }));
    await expect(phone.page.locator('.live')).toHaveText('Fotpatrull pausad');
    await phone.coldStart();
    await expect(phone.page.locator('.live')).toHaveText('Fotpatrull pausad');
    await phone.tap(phone.page.getByRole('button', { name: 'Fortsätt' }));
    await expect(phone.page.locator('.live')).toHaveText('Fotpatrull pågår');
  });

  await test.step('home shows it, and leads back', async () => {
    await phone.tap(phone.page.getByRole('link', { name: 'Tillbaka' }));
    await phone.tap(phone.page.locator('.runcard'));
    await expect(timer(phone)).toBeVisible();
  });

  await test.step('an end is a form after a kill too, and Save twice is once', async () => {
    await phone.tap(end(phone));
    await expect(phone.save).toBeVisible();
    await phone.coldStart();
    await expect(phone.page.getByRole('heading', { name: '1 min, Parken' })).toBeVisible();
    await phone.save.dblclick();
    await expect(phone.latest).toHaveCount(1);
    await expect(phone.page.locator('.runcard')).toHaveCount(0);
  });

  await phone.offline(false);
  await expect(phone.latest.filter({ hasText: 'Mottagen' })).toHaveCount(1, { timeout: 5000 });
  await desk.shows(PATROLS, 1, 2000);
});

test('With the place as last time a patrol is start, end and save', async ({ house }) => {
  const phone = await house.installed();
  await phone.logPatrol('Torget');
  phone.taps = 0;
  await phone.tap(phone.start);
  await phone.tap(end(phone));
  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(2);
  expect(phone.taps).toBe(3);
});

for (const hand of ['right', 'left'] as const) {
  test(`A double tap on Avsluta saves nothing and goes nowhere, ${hand} hand`, async ({ house }) => {
    const phone = await house.installed();
    await phone.page.evaluate((h) => localStorage.setItem('lofteslogg.hand', h), hand);
    await phone.page.reload();
    await phone.tap(phone.start);
    const first = await box(end(phone));
    expect(first.y + first.height, 'Avsluta is whole on the screen').toBeLessThanOrEqual(800);
    await phone.page.mouse.dblclick(first.x + first.width / 2, first.y + first.height / 2);
    await expect(phone.save).toBeVisible();
    await phone.page.waitForTimeout(300);
    await expect(resume(phone)).toBeVisible();
    const second = await box(phone.save);
    const apart =
      second.y >= first.y + first.height ||
      second.y + second.height <= first.y ||
      second.x >= first.x + first.width ||
      second.x + second.width <= first.x;
    expect(apart).toBe(true);
  });
}

test('A patrol that was started by mistake is thrown away, and can be had back', async ({ house }) => {
  const phone = await house.installed();
  await phone.tap(phone.start);
  await phone.tap(end(phone));
  await phone.tap(phone.page.getByRole('button', { name: 'Släng patrullen' }));
  await expect(phone.start).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Ångra' }));
  await expect(phone.page.locator('.runcard')).toBeVisible();
});
