import { setTimeout as pause } from 'node:timers/promises';
import { chance, seed } from './dice';
import { expect, test } from './house';
import type { Phone } from './phone';

const KILLS = Number(process.env.LOFTESLOGG_KILLS) || 12;
/** What may be lost of what was typed. */
const LAST_SECOND = 1000;
const WORDS = 'lugnt vid torget lampan lyser inte ungdomar pratade gärna ';
const LONG = 300;

const note = (phone: Phone) => phone.page.getByRole('textbox', { name: /Anteckning/ });

type Typing = { text: string; pressed: { at: number; length: number }[] };

/** Types until the browser is gone, and writes down what was pressed when. */
async function typeOn(phone: Phone, so: Typing, dice: (n: number) => number): Promise<void> {
  for (;;) {
    const next = WORDS.charAt(so.text.length % WORDS.length);
    so.text += next; // it may have come through, even if nobody hears of it
    try {
      await phone.page.keyboard.type(next);
    } catch {
      return;
    }
    so.pressed.push({ at: Date.now(), length: so.text.length });
    await pause(20 + dice(100));
  }
}

test(`${KILLS} kills at any moment while typing lose at most the last second`, async ({ house }, info) => {
  test.setTimeout(60_000 + KILLS * 10_000);
  info.annotations.push({ type: 'seed', description: String(seed) });
  console.log(`kills: ${KILLS}, LOFTESLOGG_SEED=${seed}`);
  const dice = chance(seed);
  const phone = await house.installed();
  await phone.tap(phone.after);
  await phone.tap(phone.place('Torget'));
  await phone.tap(phone.more);
  await note(phone).tap();
  await pause(LAST_SECOND); // that the note is open may be lost for as long as what is typed in it
  let there = '';
  for (let kill = 1; kill <= KILLS; kill++) {
    const so: Typing = { text: there, pressed: [] };
    const typing = typeOn(phone, so, dice);
    await pause(dice(1500));
    const killed = Date.now();
    await phone.coldStart();
    await typing;
    await expect(note(phone), `kill ${kill}: the form is open again`).toBeFocused();
    there = await note(phone).inputValue();
    const safe = so.pressed.filter(({ at }) => at <= killed - LAST_SECOND).at(-1)?.length ?? 0;
    expect(so.text, `kill ${kill}: what is there was typed`).toMatch(new RegExp(`^${there}`));
    expect(there.length, `kill ${kill}: all but the last second is there`).toBeGreaterThanOrEqual(safe);
    const caret = await note(phone).evaluate((e) => (e as HTMLTextAreaElement).selectionEnd);
    expect(caret, `kill ${kill}: one goes on where one was`).toBe(there.length);
    if (there.length < LONG) continue;
    await note(phone).fill('');
    await pause(LAST_SECOND);
    there = '';
  }
});
