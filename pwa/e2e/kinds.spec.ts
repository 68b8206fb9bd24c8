/** Each of the five kinds from its form to the desk: logged without a network, corrected, taken back, logged as last time and undone. */
import { expect, test } from './house';
import type { Phone } from './phone';

const SENT = { timeout: 15_000 };
/** From received on the phone to shown at a desk that is open. */
const LIVE = 2000;

type Case = {
  kind: string;
  measure: string;
  /** Chips to choose, and of what is counted how many times +. */
  chips: string[];
  plus?: Record<string, number>;
  /** What the entry says then, and what a correction by this chip makes it say. */
  says: string[];
  correct: [chip: string, says: string];
  place: boolean;
  /** What one counts as. */
  counts?: number;
};

const CASES: Case[] = [
  {
    kind: 'foot_patrol',
    measure: 'Fotpatrull i centrum',
    chips: ['6–20', 'Belysning', 'Butik', 'Cykel', 'Tips'],
    plus: { 'Antal personer ute': 2 },
    says: ['6–20', 'Belysning', 'Butik', 'Cykel', 'Tips', '2 personer'],
    correct: ['21–50', '21–50'],
    place: true,
  },
  {
    kind: 'safety_walk',
    measure: 'Trygghetsvandring',
    chips: ['Vandring', 'Mörker', 'Regn'],
    plus: { Boende: 3, Polisen: 1 },
    says: ['Vandring', 'Mörker', 'Regn', '4 (boende 3, polisen 1)'],
    correct: ['Återbesök', 'Återbesök'],
    place: true,
  },
  {
    kind: 'andt_prevention',
    measure: 'ANDT-förebyggande arbete',
    chips: ['Skolinformation', 'Elever', '21–50', 'Åk 5'],
    says: ['Skolinformation', 'Elever', '21–50', 'Åk 5'],
    correct: ['Föreläsning', 'Föreläsning'],
    place: true,
  },
  {
    kind: 'andt_intervention',
    measure: 'Insatser mot ANDT-brott',
    chips: ['Ungdomsfest', '1–5'],
    says: ['Ungdomsfest', '1–5'],
    correct: ['Antilangning', 'Antilangning'],
    place: true,
  },
  {
    kind: 'youth_collaboration',
    measure: 'Samverkan unga i riskzon',
    chips: ['Trepartssamtal', '90'],
    plus: { 'Antal möten': 1 },
    says: ['Trepartssamtal', '90 min'],
    correct: ['Elevhälsa', 'Elevhälsa'],
    place: false,
    counts: 2,
  },
];

const chip = (phone: Phone, name: string) =>
  phone.page
    .locator('label.chip')
    .filter({ has: phone.page.getByText(name, { exact: true }) })
    .first();

async function fill(phone: Phone, c: Case): Promise<void> {
  await phone.tap(phone.more);
  for (const name of c.chips) await phone.tap(chip(phone, name));
  for (const [what, times] of Object.entries(c.plus ?? {}))
    for (let i = 0; i < times; i++) await phone.tap(phone.page.getByRole('button', { name: `Öka ${what}` }));
  if (c.place) await phone.tap(phone.place('Parken'));
}

for (const c of CASES) {
  test(`${c.kind} is logged, corrected, taken back and undone, and the desk follows`, async ({ house }) => {
    test.setTimeout(90_000);
    const each = c.counts ?? 1;
    const phone = await house.installed();
    const desk = await house.desk();
    const facts = phone.page.locator('dl.facts');
    await desk.shows(c.measure, 0);

    await test.step('logged without a network', async () => {
      await phone.offline(true);
      await phone.goTo(`#/log/${c.kind}`);
      await fill(phone, c);
      await phone.tap(phone.save);
      await expect(phone.latest.first()).toContainText('Sparad på telefonen');
      await phone.tap(phone.latest.first());
      for (const words of c.says) await expect(facts).toContainText(words);
    });

    await test.step('corrected before it was ever sent', async () => {
      await phone.tap(phone.page.getByRole('link', { name: 'Rätta' }));
      await phone.tap(chip(phone, c.correct[0]));
      await phone.tap(phone.save);
      await expect(facts).toContainText(c.correct[1]);
      await expect(phone.page.locator('ol.timeline li').filter({ hasText: 'Rättad av dig' })).toContainText(
        c.correct[1],
      );
    });

    await test.step('received, and the open desk follows', async () => {
      await phone.offline(false);
      await expect(phone.stateShown).toHaveText('Mottagen', SENT);
      await desk.shows(c.measure, each, LIVE);
    });

    await test.step('the same as last time, with a network, and undone', async () => {
      await phone.goTo(`#/log/${c.kind}`);
      await phone.tap(phone.page.getByRole('button', { name: /^Samma som sist/ }));
      await phone.tap(phone.save);
      await phone.tap(phone.page.getByRole('button', { name: 'Ångra' })); // ten seconds: a busy desk is not waited for
      await expect(phone.latest).toHaveCount(1);
      await expect(phone.pill).toContainText('Allt skickat', SENT);
      await desk.shows(c.measure, each, LIVE);
    });

    await test.step('the measure opens it, with its answers in words', async () => {
      await desk.openMeasure(c.measure);
      await desk.page.locator('a[href*="/desk/entries"]').first().click();
      await expect(desk.entryRows).toHaveCount(1);
      await desk.openEntry(0);
      await expect(desk.historyLines).toHaveCount(2);
      await expect(desk.page.locator('dl.facts')).toContainText(c.correct[1]);
      await desk.goTo('');
    });

    await test.step('taken back with a reason', async () => {
      await phone.tap(phone.latest.first());
      await phone.tap(phone.page.getByRole('button', { name: 'Ta tillbaka' }));
      const sheet = phone.page.getByRole('dialog');
      await phone.tap(sheet.locator('label.chip').filter({ hasText: 'Blev inte av' }));
      await phone.tap(sheet.getByRole('button', { name: 'Ta tillbaka' }));
      await expect(phone.stateShown).toHaveText('Tillbakatagen');
      await desk.shows(c.measure, 0, SENT.timeout);
    });
  });
}

test('About youth at risk there is nowhere to write, on the phone and by the protocol', async ({ house }) => {
  const phone = await house.installed();
  await phone.goTo('#/log/youth_collaboration');
  await phone.tap(phone.more);
  await expect(phone.page.getByText('Inget om enskilda kan skrivas.', { exact: false })).toBeVisible();
  await expect(phone.page.locator('textarea')).toHaveCount(0);
  const boxes = phone.page.getByRole('textbox');
  for (const box of await boxes.all()) await expect(box).toHaveAttribute('inputmode', 'numeric');
  const pen = await house.pen();
  const set = { started_at: '2026-01-20T13:00+01:00', forum: 'sspf', meetings: 1, note: 'om någon' };
  await expect(pen.write([{ kind: 'youth_collaboration', set }])).rejects.toThrow('guard');
});
