import { fits, passesAxe } from './fit';
import { expect, PATROLS, test } from './house';
import type { Desk } from './desk';

/** What a server says that reads the figures of a great town after a start. */
const READING = {
  type: '/problems/figures',
  title: 'Figures are being read',
  status: 503,
  sv: 'Siffrorna läses in. Inget saknas; försök igen om några sekunder.',
  en: 'The figures are being read. Nothing is missing; try again in a few seconds.',
};

/** Has the server still read its figures for the desk, until the way back is called. Gives how often it was asked, too. */
async function stillReading(desk: Desk): Promise<{ asked: () => number; done: () => void }> {
  let asked = 0;
  let reading = true;
  await desk.page.route(/\/api\/v1\/(follow-up|entries)/, async (route) => {
    if (!reading) return route.continue();
    asked += 1;
    const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '1' };
    return route.fulfill({ status: 503, headers, body: JSON.stringify(READING) });
  });
  return { asked: () => asked, done: () => (reading = false) };
}

for (const lang of ['sv', 'en'] as const) {
  test(`The desk waits for figures that are being read and shows them by itself, in ${lang}`, async ({ house }) => {
    test.setTimeout(120_000);
    house.watch.status(503);
    const desk = await house.desk();
    if (lang === 'en') await desk.speak('English');
    const server = await stillReading(desk);
    await desk.page.reload();
    const says = desk.page.getByText(lang === 'sv' ? 'Siffrorna läses in.' : 'The figures are being read.');
    await expect(says).toBeVisible();
    await expect(desk.page.getByRole('button', { name: lang === 'sv' ? 'Försök nu' : 'Try now' })).toHaveCount(0);
    await passesAxe(desk.page, `waiting ${lang}`);
    await desk.page.emulateMedia({ colorScheme: 'dark' });
    await passesAxe(desk.page, `waiting ${lang} dark`, 'colours');
    for (const width of [360, 320]) {
      await desk.page.setViewportSize({ width, height: 800 });
      await fits(desk.page, `waiting ${lang} ${width}`);
    }
    await desk.page.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(server.asked).toBeGreaterThan(2);
    server.done();
    await expect(desk.figure(PATROLS)).toBeVisible();
    await expect(says).toHaveCount(0);
  });
}
