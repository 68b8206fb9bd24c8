/** The kinds of a town change while phones are out: nothing that is typed or was logged loses its words. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, PATROLS, test } from './house';

const SENT = { timeout: 15_000 };
type Field = { f: string; sv?: { label: string }; en?: { label: string }; choices?: { v: string; sv?: string }[] };
type Document = { kinds: Record<string, { sv: { name: string }; en: { name: string }; fields: Field[] }> };

test('A new catalogue comes to a phone with a half-written form, works offline, and old entries keep their words', async ({
  house,
}) => {
  test.setTimeout(90_000);
  const { server } = house;
  const phone = await house.installed();
  const { page } = phone;
  const desk = await house.desk();
  const chip = (name: string) => page.locator('label.chip').filter({ has: page.getByText(name, { exact: true }) });
  const note = page.getByRole('textbox', { name: 'Anteckning' });

  await test.step('an entry is logged with what will be dropped, and another is begun', async () => {
    await phone.tap(phone.after);
    await phone.tap(phone.place('Torget'));
    await phone.tap(phone.more);
    await phone.tap(chip('Bil'));
    await phone.tap(chip('Tips'));
    await phone.tap(phone.save);
    await expect(phone.pill).toContainText('Allt skickat', SENT);
    await phone.tap(phone.after);
    await phone.tap(phone.more);
    await phone.tap(chip('Evenemang'));
    await note.fill('Marknad. Lampan är tr');
  });

  await test.step('a coordinator publishes another', async () => {
    const doc = JSON.parse(await server.run('town', 'catalog', 'munkfors')) as Document;
    const patrol = doc.kinds.foot_patrol;
    if (!patrol) throw new Error('the town has foot patrols');
    patrol.sv.name = 'Patrull till fots';
    const mode = patrol.fields.find((f) => f.f === 'mode');
    if (mode?.choices) mode.choices = mode.choices.filter((c) => c.v !== 'car');
    patrol.fields = patrol.fields.filter((f) => f.f !== 'reason' && f.f !== 'note');
    patrol.fields.push({
      ...{ f: 'weather', as: 'choice', sv: { label: 'Väder' }, en: { label: 'Weather' } },
      choices: [{ v: 'clear', sv: 'Klart', en: 'Clear' } as { v: string }],
    });
    const file = path.join(server.data, 'next.json');
    writeFileSync(file, JSON.stringify(doc));
    const said = await server.run('town', 'catalog', 'munkfors', '--file', file);
    expect(said).toContain('− kinds.foot_patrol.fields.reason: no longer asked; entries keep it');
    expect(said).toContain('Version 2 is published');
  });

  await test.step('the form that is open gets the new question and keeps all that was typed', async () => {
    await phone.offline(true);
    await phone.offline(false); // a reason to ask
    await expect(page.getByText('Väder')).toBeVisible(SENT);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Patrull till fots');
    await expect(note).toHaveValue('Marknad. Lampan är tr');
    await expect(page.getByRole('radio', { name: 'Evenemang' })).toBeChecked();
    await expect(page.getByRole('radio', { name: 'Bil', exact: true })).toBeChecked(); // it was filled in before it was dropped
    await phone.offline(true);
    await note.press('End');
    await note.pressSequentially('asig.');
    await phone.tap(chip('Klart'));
    await phone.tap(phone.place('Parken'));
    await phone.tap(phone.save);
    await expect(phone.latest).toHaveCount(2);
  });

  await test.step('without a network and after a cold start the new one is there, and the old entry says what it said', async () => {
    await phone.coldStart();
    const home = phone.page;
    await expect(phone.start).toBeVisible();
    await phone.goTo('#/mine'); // home shows as many as there is room for
    await phone.tap(home.locator('a.item').filter({ hasText: 'Torget' }));
    await expect(home.getByRole('heading', { level: 1 })).toHaveText('Patrull till fots, Torget');
    await expect(home.locator('dl.facts')).toContainText('Bil');
    await expect(home.locator('dl.facts')).toContainText('Tips');
    await phone.tap(home.getByRole('link', { name: 'Rätta' }));
    await expect(home.getByRole('radio', { name: 'Bil', exact: true })).toBeChecked(); // it can be corrected, and need not be
    await phone.goTo('#/log/foot_patrol');
    await phone.tap(phone.more);
    await expect(home.locator('label.chip').filter({ hasText: /^Bil$/ })).toHaveCount(0);
    await expect(home.getByText('Varför här?')).toHaveCount(0);
  });

  await test.step('what was begun under the old one counts, and the desk has the words of both', async () => {
    await phone.goTo('#/');
    await phone.offline(false);
    await expect(phone.pill).toContainText('Allt skickat', SENT);
    expect(await desk.counted(PATROLS)).toBe(2);
    await desk.goTo('entries?kind=foot_patrol');
    await expect(desk.entryRows).toHaveCount(2);
    await desk.openEntry((await desk.entryRows.first().innerText()).includes('Parken') ? 0 : 1);
    const facts = desk.page.locator('dl.facts');
    for (const words of ['Evenemang', 'Klart', 'Marknad. Lampan är trasig.']) await expect(facts).toContainText(words);
  });
});

test('Entries of the nights when clocks change are on their day, on the phone and at the desk', async ({ house }) => {
  test.setTimeout(60_000);
  const phone = await house.installed();
  const { page } = phone;
  const desk = await house.desk();
  for (const { day, typed, shown } of nights(new Date())) {
    await phone.goTo('#/log/foot_patrol');
    await phone.tap(page.locator('label.chip').filter({ hasText: 'Annan dag' }));
    await page.getByLabel('Dag', { exact: true }).fill(day);
    const began = page.getByRole('textbox', { name: 'Började' });
    await began.fill(typed);
    await began.blur();
    await expect(began).toHaveValue(shown);
    await phone.tap(phone.place('Torget'));
    await phone.tap(phone.save);
    await expect(phone.start).toBeVisible();
    await expect(phone.latest.first()).toContainText(shown);
    await expect(phone.pill).toContainText('Allt skickat', SENT);
    await desk.goTo(`entries?month=${day.slice(0, 7)}`);
    await expect(desk.entryRows).toHaveCount(1);
    const [entry] = (await desk.entries('foot_patrol')).filter((e) => e.started_at?.startsWith(day));
    expect(entry?.started_at).toBe(`${day}T${shown.replace('.', ':')}`);
  }
});

/** The last nights that had an hour twice and one too few: 02.30 is there twice, or becomes 03.30. */
function nights(now: Date): { day: string; typed: string; shown: string }[] {
  const lastSunday = (month: number) => {
    const of = (year: number) => {
      const last = new Date(Date.UTC(year, month + 1, 0, 1));
      last.setUTCDate(last.getUTCDate() - last.getUTCDay());
      return last;
    };
    const here = of(now.getUTCFullYear());
    return (here.getTime() + 86_400_000 < now.getTime() ? here : of(now.getUTCFullYear() - 1))
      .toISOString()
      .slice(0, 10);
  };
  return [
    { day: lastSunday(9), typed: '02.30', shown: '02.30' },
    { day: lastSunday(2), typed: '02.30', shown: '03.30' },
  ];
}
