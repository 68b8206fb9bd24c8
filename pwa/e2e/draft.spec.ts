import { expect, test } from './house';

/** A change is kept within this time, whatever happens then. */
const KEPT_MS = 500;

test('What was typed when the browser died is there at the same field', async ({ house }) => {
  const phone = await house.installed();
  const note = () => phone.page.getByRole('textbox', { name: /Anteckning/ });
  await phone.tap(phone.after);
  await phone.tap(phone.place('Parken'));
  await phone.tap(phone.more);
  await note().tap();
  await note().pressSequentially('Lugnt. Lampan vid bron är tr');
  await phone.page.waitForTimeout(KEPT_MS);
  await phone.coldStart();
  await expect(note()).toHaveValue('Lugnt. Lampan vid bron är tr');
  await expect(note()).toBeFocused();
  expect(await note().evaluate((e) => (e as HTMLTextAreaElement).selectionEnd)).toBe(28);
  await expect(phone.page.getByText('Utkastet ligger kvar')).toBeVisible();
  await expect(phone.page.getByRole('radio', { name: 'Parken' })).toBeChecked();
  await note().press('End');
  await note().pressSequentially('asig.');
  await phone.tap(phone.save);
  await expect(phone.latest).toHaveCount(1);
  await expect(phone.page.getByText('Utkastet ligger kvar')).toHaveCount(0);
  await phone.tap(phone.latest.first());
  await expect(phone.page.locator('dl.facts')).toContainText('Lugnt. Lampan vid bron är trasig.');
});

test('Who was correcting a word in the middle goes on in that word', async ({ house }) => {
  const phone = await house.installed();
  const note = () => phone.page.getByRole('textbox', { name: /Anteckning/ });
  await phone.tap(phone.after);
  await note().fill('Lampan vid bron är trasig.');
  await note().press('Home');
  for (let i = 0; i < 'Lampan'.length; i++) await note().press('ArrowRight');
  await phone.page.waitForTimeout(KEPT_MS);
  await phone.coldStart();
  await expect(note()).toBeFocused();
  await phone.page.keyboard.type(' nere');
  await expect(note()).toHaveValue('Lampan nere vid bron är trasig.');
});

test('Who types without a pause has all but the last half second', async ({ house }) => {
  const phone = await house.installed();
  const note = () => phone.page.getByRole('textbox', { name: /Anteckning/ });
  await phone.tap(phone.after);
  await phone.tap(phone.more);
  await note().tap();
  await note().pressSequentially('Skriver '.repeat(4), { delay: 100 });
  await phone.coldStart();
  await expect(note()).toHaveValue(/^(Skriver ){3}/);
});

test('A draft can be left, found again, thrown away and taken back', async ({ house }) => {
  const phone = await house.installed();
  await phone.tap(phone.after);
  await phone.tap(phone.more);
  await phone.page.getByRole('textbox', { name: /Anteckning/ }).fill('Senare');
  await phone.tap(phone.page.getByRole('link', { name: 'Tillbaka' }));
  await phone.tap(phone.page.getByRole('link', { name: /Utkast/ }));
  await expect(phone.page.getByRole('textbox', { name: /Anteckning/ })).toHaveValue('Senare');
  await phone.tap(phone.page.getByRole('button', { name: 'Släng utkastet' }));
  await expect(phone.page.getByText('Utkastet är slängt.').first()).toBeVisible();
  await phone.tap(phone.page.getByRole('button', { name: 'Ångra' }));
  await phone.tap(phone.after);
  await expect(phone.page.getByRole('textbox', { name: /Anteckning/ })).toHaveValue('Senare');
});
