import { mkdirSync } from 'node:fs';
import { fits, passesAxe, textSize } from './fit';
import { expect, PATROLS, test } from './house';
import type { Phone } from './phone';

const SENT = { timeout: 10_000 };
const SHOTS = process.env.ERASE_SHOTS;

/** All that the phone's databases hold, as text. */
const held = (phone: Phone): Promise<string> =>
  phone.page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    const all: unknown[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name));
      for (const store of db.objectStoreNames)
        all.push(await done(db.transaction(store).objectStore(store).getAll() as IDBRequest<unknown>));
      db.close();
    }
    return JSON.stringify(all);
  });

/** Logs a patrol with a note, and gives its entity. */
async function logWithNote(phone: Phone, note: string): Promise<string> {
  await phone.tap(phone.after);
  await phone.tap(phone.place('Torget'));
  await phone.tap(phone.more);
  await phone.page.getByRole('textbox', { name: /anteckning/i }).fill(note);
  await phone.tap(phone.save);
  await expect(phone.start).toBeVisible();
  await expect(phone.pill).toContainText('Allt skickat', SENT);
  const href = await phone.latest.first().getAttribute('href');
  return href?.split('/').at(-1) ?? '';
}

test('An entry that is erased leaves the open desk, the phone, and a phone that was offline with it', async ({
  house,
}) => {
  test.setTimeout(120_000);
  const [phone, away] = [await house.installed(), await house.installed()];
  const desk = await house.desk();
  const here = await logWithNote(phone, 'SECRET-here');
  const there = await logWithNote(away, 'SECRET-away');
  await desk.goTo(`entry/${here}`);
  await expect(desk.page.getByRole('main')).toContainText('SECRET-here');
  await away.offline(true);
  await away.goTo(`#/entry/${there}`);
  expect(await held(away)).toContain('SECRET-away');

  await house.server.erase('--entity', here, '--entity', there);
  await expect(desk.page.getByRole('heading', { name: 'Posten är raderad' })).toBeVisible(SENT);
  await expect(desk.page.getByRole('main')).not.toContainText('SECRET');
  await expect(desk.historyLines).toContainText(['Skrevs av Polisen, i fält. Det som stod är borta på riktigt.']);
  for (const colorScheme of SHOTS ? (['light', 'dark'] as const) : (['light'] as const)) {
    await desk.page.emulateMedia({ colorScheme });
    await passesAxe(desk.page, `erased ${colorScheme}`);
    for (const width of [1280, 360]) {
      await desk.page.setViewportSize({ width, height: 800 });
      await textSize(desk.page, 200);
      await fits(desk.page, `erased ${width} px 200 %`);
      await textSize(desk.page, 100);
      if (!SHOTS) continue;
      mkdirSync(SHOTS, { recursive: true });
      await desk.page.screenshot({ path: `${SHOTS}/erased-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
  expect(await desk.counted(PATROLS)).toBe(0);

  await phone.page.reload(); // as it is opened next
  await expect(phone.latest).toHaveCount(0, SENT);
  await expect.poll(() => held(phone), SENT).not.toContain('SECRET');
  await away.offline(false);
  await away.page.reload();
  await expect.poll(() => held(away), SENT).not.toContain('SECRET');
});

test('A correction that is erased shows in the history of both, and what was before stands', async ({ house }) => {
  const phone = await house.installed();
  const desk = await house.desk();
  const entry = await logWithNote(phone, 'Lugnt');
  await phone.tap(phone.latest.first());
  await phone.tap(phone.page.getByRole('link', { name: 'Rätta' }));
  await phone.page.getByRole('textbox', { name: /anteckning/i }).fill('SECRET-note');
  await phone.tap(phone.save);
  await expect(phone.stateShown).toContainText('Mottagen', SENT);
  const id = await desk.lastEvent(entry);
  await house.server.erase('--event', id);
  await desk.goTo(`entry/${entry}`);
  await expect(desk.historyLines.first()).toContainText('Raderad');
  await expect(desk.page.getByRole('main')).not.toContainText('SECRET');
  await phone.page.reload();
  const line = phone.page.locator('ol.timeline li').first();
  await expect(line).toContainText('Raderad: det som stod är borta på riktigt', SENT);
  await expect(phone.page.getByRole('main')).not.toContainText('SECRET');
  await passesAxe(phone.page, 'erased correction');
  await fits(phone.page, 'erased correction');
  if (SHOTS) await phone.page.screenshot({ path: `${SHOTS}/phone-360-light.png`, fullPage: true });
  await expect.poll(() => held(phone), SENT).not.toContain('SECRET');
  expect(await desk.counted(PATROLS)).toBe(1);
});
