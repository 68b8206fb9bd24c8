/** Every screen there is, with something to show on it: what accessibility is measured on and pictures are taken of. */
import { expect } from './house';
import type { Desk } from './desk';
import type { House } from './house';
import type { Phone } from './phone';

/** A file as a person chooses it. */
const fileOf = (text: string) => ({ name: 'lofteslogg.json', mimeType: 'application/json', buffer: Buffer.from(text) });

type Screen<T> = { name: string; open: (at: T) => Promise<void> };

/** A phone with a received, a corrected, a taken back and an unsent patrol, and a draft. It ends without a network. */
export async function livedIn(house: House, phone: Phone): Promise<void> {
  const sent = () => expect(phone.pill).toContainText('Allt skickat', { timeout: 10_000 });
  await phone.install((await house.server.invite('field')).key);
  await phone.logPatrol('Torget');
  await phone.logPatrol();
  await sent();
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('link', { name: 'Rätta' }));
  await phone.tap(phone.place('Parken'));
  await phone.tap(phone.save);
  await expect(phone.stateShown).toBeVisible();
  await phone.goTo('#/');
  await phone.tap(phone.latest.nth(1));
  await phone.tap(phone.page.getByRole('button', { name: 'Ta tillbaka' }));
  await phone.tap(phone.page.getByRole('dialog').locator('label.chip').filter({ hasText: 'Blev inte av' }));
  await phone.tap(phone.page.getByRole('dialog').getByRole('button', { name: 'Ta tillbaka' }));
  await expect(phone.stateShown).toHaveText('Tillbakatagen');
  await phone.goTo('#/');
  await sent();
  await phone.offline(true);
  await phone.logPatrol('Busstationen');
  await phone.goTo('#/log/safety_walk');
  await phone.tap(phone.more);
  await phone.page.getByRole('textbox').last().fill('Halvskrivet');
  await phone.page.waitForTimeout(400);
  await phone.goTo('#/');
  await expect(phone.page.getByRole('link', { name: /Trygghetsvandring.*Utkast/ })).toBeVisible();
}

const to = (hash: string, see: string) => async (phone: Phone) => {
  await phone.goTo(hash);
  await expect(phone.page.locator(see).first()).toBeVisible();
};

/** Of a phone that was lived in. */
export const FIELD: Screen<Phone>[] = [
  { name: 'home', open: to('#/', 'ul.latest') },
  { name: 'log', open: to('#/log/foot_patrol', '.dock button') },
  {
    name: 'log-more',
    open: async (phone) => {
      await phone.more.click();
      await expect(phone.page.getByRole('textbox', { name: /Anteckning|Note/ })).toBeVisible();
    },
  },
  {
    name: 'log-asked',
    open: async (phone) => {
      await to('#/log/andt_prevention', '.dock button')(phone);
      await phone.page.locator('.dock button.btn-1').click();
      await expect(phone.page.locator('.has-error').first()).toBeVisible();
    },
  },
  {
    name: 'pin',
    open: async (phone) => {
      await to('#/log/foot_patrol', '.dock button')(phone);
      await phone.page.locator('[data-pin]').click();
      await expect(phone.page.getByRole('dialog')).toBeVisible();
      await phone.page.getByRole('dialog').locator('.btn-1').click();
      await expect(phone.page.getByRole('dialog').locator('.has-error')).toBeVisible();
    },
  },
  { name: 'log-walk', open: to('#/log/safety_walk', '.dock button') },
  { name: 'log-intervention', open: to('#/log/andt_intervention/after', '.dock button') },
  { name: 'log-youth', open: to('#/log/youth_collaboration', '.dock button') },
  { name: 'mine', open: to('#/mine', 'a.item') },
  {
    name: 'entry',
    open: async (phone) => {
      await to('#/mine', 'a.item')(phone);
      await phone.page.locator('a.item').filter({ hasText: 'Parken' }).click();
      await expect(phone.page.locator('ol.timeline li').nth(1)).toBeVisible();
    },
  },
  {
    name: 'take-back',
    open: async (phone) => {
      await phone.page.locator('.dock button').first().click();
      await expect(phone.page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'edit',
    open: async (phone) => {
      await phone.page.getByRole('dialog').getByRole('button').last().click();
      await phone.page.locator('.dock a.btn-1').click();
      await expect(phone.page.locator('fieldset').first()).toBeVisible();
    },
  },
  { name: 'promise', open: to('#/promise', '.longtext') },
  { name: 'unsent', open: to('#/unsent', 'a.item') },
  {
    name: 'unsent-read',
    open: async (phone) => {
      await phone.page.locator('input[data-rescue]').setInputFiles(fileOf('{}'));
      await expect(phone.page.locator('.banner.fail').last()).toBeVisible();
    },
  },
  {
    name: 'slip',
    open: async (phone) => {
      await to('#/slip', '.fold')(phone);
      await phone.page.locator('.fold > summary').first().click();
      await expect(phone.page.locator('table.slip')).toBeVisible();
    },
  },
  { name: 'settings', open: to('#/settings', 'fieldset') },
  { name: 'connect', open: to('#/connect', 'input.code') },
  { name: 'stored', open: to('#/stored', 'ul.told') },
  { name: 'code', open: to('#/code', 'input.code') },
  { name: 'persons', open: to('#/persons', '.list .item') },
  { name: 'out', open: to('#/out', '.btn-danger') },
  {
    name: 'running',
    open: async (phone) => {
      await to('#/', '.dock .split .btn-1')(phone);
      await phone.start.click();
      await expect(phone.page.getByRole('timer')).toBeVisible();
    },
  },
  { name: 'home-running', open: to('#/', '.runcard') },
  {
    name: 'ended',
    open: async (phone) => {
      await to('#/patrol', '.timer')(phone);
      await phone.page.locator('.dock .btn-run').click();
      await expect(phone.save).toBeVisible();
    },
  },
  {
    name: 'ended-open',
    open: async (phone) => {
      for (const line of await phone.page.locator('.fold > summary').all()) await line.click();
      await expect(phone.page.getByRole('textbox', { name: /Anteckning|Note/ })).toBeVisible();
    },
  },
  {
    name: 'home-lost',
    open: async (phone) => {
      await phone.page.evaluate(() => {
        const lost = [{ wrote: 44, unsent: 3, at: Date.now() - 86_400_000 }];
        localStorage.setItem('trace', JSON.stringify({ towns: {}, lost }));
      });
      await phone.page.reload();
      await expect(phone.save).toBeVisible(); // it opens where one was: one leaves there when it is there
      await to('#/', '.banner.fail')(phone);
    },
  },
];

/** Of a town that has entries. */
export const DESK: Screen<Desk>[] = [
  { name: 'overview', open: (desk) => desk.goTo('') },
  { name: 'measure', open: (desk) => desk.openMeasure('Fotpatrull i centrum') },
  { name: 'entries', open: (desk) => desk.goTo('entries') },
  { name: 'entry', open: (desk) => desk.openEntry(0) },
  { name: 'promise', open: (desk) => desk.goTo('promise') },
  { name: 'people', open: (desk) => desk.goTo('people') },
  {
    name: 'slip',
    open: async (desk) => {
      await desk.page
        .getByRole('link', { name: /^(Kvitto|Receipt)/ })
        .first()
        .click();
      await desk.page.locator('.slips button').first().click();
      await expect(desk.page.locator('.slips .stack-s[role=status]')).toBeVisible();
    },
  },
  { name: 'rescue', open: (desk) => desk.goTo('rescue') },
  {
    name: 'rescue-file',
    open: async (desk) => {
      await desk.page.locator('input[data-rescue]').setInputFiles(fileOf(await desk.rescueFile()));
      await expect(desk.page.locator('.card table')).toBeVisible();
    },
  },
  { name: 'attention', open: (desk) => desk.goTo('attention') },
  {
    name: 'attention-thing',
    open: async (desk) => {
      await desk.goTo('attention');
      await desk.page.locator('.queue .item').first().click();
      await expect(desk.page.locator('.thing h2')).toBeFocused();
    },
  },
  { name: 'places', open: (desk) => desk.goTo('places') },
  {
    name: 'place-change',
    open: async (desk) => {
      await desk.page.locator('.places .acts button').first().click();
      await expect(desk.page.locator('.places form')).toBeVisible();
    },
  },
  {
    name: 'proposal-answer',
    open: async (desk) => {
      await desk.page.locator('#proposed + ul li .row button').last().click();
      await expect(desk.page.locator('.under form').first()).toBeVisible();
    },
  },
  { name: 'nowhere', open: (desk) => desk.goTo('nowhere') },
];
