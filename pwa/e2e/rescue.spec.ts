import { readFileSync } from 'node:fs';
import { newId } from '../src/domain/id';
import { spellRescue } from '../src/domain/rescue';
import type { Desk } from './desk';
import { expect, PATROLS, test } from './house';
import type { Phone } from './phone';

const LATER = { timeout: 15_000 };
const sent = (phone: Phone) => expect(phone.pill).toContainText(/Allt skickat|Inget att skicka/, LATER);

/** Saves a rescue file on the phone; gives its text. */
async function rescued(phone: Phone): Promise<string> {
  await phone.goTo('#/unsent');
  const [download] = await Promise.all([
    phone.page.waitForEvent('download'),
    phone.tap(phone.page.getByRole('button', { name: 'Spara räddningsfil' })),
  ]);
  expect(download.suggestedFilename()).toMatch(/^lofteslogg-\d{4}-\d\d-\d\d\.json$/);
  return readFileSync(await download.path(), 'utf8');
}

/** Chooses a file as a person does: by the button, in the browser's own way to choose. */
async function choose(at: Phone | Desk, button: string | RegExp, text: string): Promise<void> {
  const [chooser] = await Promise.all([
    at.page.waitForEvent('filechooser'),
    at.page.getByRole('button', { name: button }).click(),
  ]);
  await chooser.setFiles({ name: 'lofteslogg.json', mimeType: 'application/json', buffer: Buffer.from(text) });
}
async function readIn(phone: Phone, text: string, says: string): Promise<void> {
  await phone.goTo('#/unsent');
  await choose(phone, 'Läs in räddningsfil', text);
  await expect(phone.page.getByText(says)).toBeVisible();
}

test('What a phone without a network wrote comes by another phone’s hands, counts once, and still once when the first sends it', async ({
  house,
}) => {
  test.setTimeout(120_000);
  const [first, other] = [await house.installed(), await house.installed()];
  const desk = await house.desk();
  await sent(first);
  await first.offline(true);
  await first.logPatrol('Torget');
  await first.logPatrol();
  const file = await rescued(first);
  await expect(
    first.page.getByText(
      'Räddningsfilen är gjord, 2 poster. 2 av dem finns inte på servern än. Se efter att den ligger bland hämtade filer.',
    ),
  ).toBeVisible();
  expect(await desk.counted(PATROLS)).toBe(0);

  await other.logPatrol('Parken');
  await readIn(other, file, '2 poster från filen ligger nu på telefonen');
  await other.goTo('#/');
  await sent(other);
  await desk.shows(PATROLS, 3);
  await readIn(other, file, 'Allt i filen finns redan på telefonen.');
  await other.goTo('#/');
  await other.logPatrol();
  await sent(other);
  await desk.shows(PATROLS, 4);

  await first.offline(false);
  await first.goTo('#/');
  await sent(first);
  expect(await desk.counted(PATROLS)).toBe(4);
  await desk.goTo('attention');
  await expect(desk.page.locator('.queue .item')).toHaveCount(0);
});

test('The desk tells whose a rescue file is and not what it says, and takes it in ten times as once', async ({
  house,
}) => {
  test.setTimeout(120_000);
  const phone = await house.installed();
  const desk = await house.desk();
  await sent(phone);
  await phone.offline(true);
  await phone.logPatrol('Torget');
  await phone.goTo('#/log/foot_patrol');
  await phone.tap(phone.more);
  await phone.page.getByRole('textbox', { name: /anteckning/i }).fill('HEMLIGT');
  await phone.tap(phone.save);
  await expect(phone.start).toBeVisible();
  const file = await rescued(phone);
  expect(file).not.toContain('HEMLIGT');
  await desk.goTo('people');
  await desk.page.getByRole('link', { name: 'Läs in räddningsfil' }).click();
  for (let i = 0; i < 10; i += 1) {
    await choose(desk, /^Välj /, file);
    await expect(desk.page.getByRole('heading', { name: 'Filen har 2 poster' })).toBeVisible();
    await expect(desk.page.getByRole('row', { name: /Kim Lind/ })).toContainText('2 poster');
    await expect(desk.page.getByRole('main')).not.toContainText('HEMLIGT');
    await desk.page.getByRole('button', { name: 'Läs in allt i filen' }).click();
    await expect(desk.page.getByRole('main')).toContainText(
      i === 0 ? '2 uppgifter som fattades är framme nu.' : 'Inget i filen fattades.',
    );
    expect(await desk.counted(PATROLS)).toBe(2);
  }
  await phone.offline(false);
  await phone.goTo('#/');
  await sent(phone);
  expect(await desk.counted(PATROLS)).toBe(2);
});

test('A file that is cut, changed, of another town or of a later app says so, and changes nothing', async ({
  house,
}) => {
  const phone = await house.installed();
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  const file = await rescued(phone);
  const WRONG: [text: string, says: string][] = [
    [file.slice(0, file.length / 2), 'Filen är inte hel, eller ändrad.'],
    [file.replace(/"n": 1,/, '"n": 2,'), 'Filen är inte hel, eller ändrad.'],
    [file.replace(/"v": 1,/, '"v": 2,'), 'Filen är gjord med en nyare version av appen'],
    [await spellRescue({ town: newId(0), made: 0, events: [] }), 'Filen hör till en annan kommun.'],
    ['{"name":"semester.json"}', 'Det där är ingen räddningsfil.'],
  ];
  await desk.goTo('rescue');
  for (const [text, says] of WRONG) {
    await readIn(phone, text, says);
    await choose(desk, 'Välj fil', text);
    await expect(desk.page.getByRole('alert').filter({ hasText: says })).toBeVisible();
  }
  await phone.goTo('#/');
  await sent(phone);
  expect(await desk.counted(PATROLS)).toBe(1);
});

test('What was erased stays erased when a phone that never heard of it reads it in', async ({ house }) => {
  test.setTimeout(90_000);
  const [first, other] = [await house.installed(), await house.installed()];
  const desk = await house.desk();
  await first.logPatrol('Torget');
  await sent(first);
  const file = await rescued(first);
  const [entry] = await desk.entries('foot_patrol');
  await house.server.erase('--entity', entry?.e ?? '');
  await readIn(other, file, '1 post från filen ligger nu på telefonen');
  await other.goTo('#/');
  await sent(other);
  expect(await desk.counted(PATROLS)).toBe(0);
  expect(JSON.parse(await rescued(other))).toMatchObject({ events: [] });
});
