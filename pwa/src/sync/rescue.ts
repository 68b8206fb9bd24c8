/** The rescue file of a phone: made of all that it keeps, and read in. */
import type { Rescue, RescueFile, RescueRead } from '../domain/app';
import { dayOfMillis } from '../domain/local';
import { readRescue, spellRescue } from '../domain/rescue';
import { isPending, readRow, type Row } from '../domain/row';
import { takeIn } from '../journal/carrying';
import { isFull } from '../journal/handle';
import type { Session } from './session';

/** What the one who is in can do with rescue files. */
export const rescueOf = (session: Session, now: () => number): Rescue => ({
  file: () => fileOf(session, now()),
  read: (text) => readIn(session, text, now()),
});

/** Everyone's events of this town, since whoever rescues a phone rescues all of it. Drafts are not events yet, and stay. */
async function fileOf({ outbox }: Session, made: number): Promise<RescueFile> {
  const kept = (await outbox.rows()).filter((row) => row.bytes !== '');
  const text = await spellRescue({ town: outbox.town, made, events: kept });
  return {
    name: `lofteslogg-${dayOfMillis(made)}.json`,
    text,
    count: entriesOf(kept),
    unsent: entriesOf(kept.filter((row) => isPending(row) || row.state === 'refused')),
  };
}

const entriesOf = (rows: readonly Row[]): number => new Set(rows.map(({ e }) => e)).size;

async function readIn(session: Session, text: string, now: number): Promise<RescueRead> {
  const found = await readRescue(text);
  if (typeof found === 'string') return { ok: false, reason: found };
  if (found.town !== session.outbox.town) return { ok: false, reason: 'town' };
  try {
    const { fresh, known, clash } = await takeIn(session.outbox, found.events, now);
    await session.kept.outboxChanged();
    await session.saved(undefined);
    const others = fresh.filter((row) => readRow(row).event?.by !== session.person.account);
    return { ok: true, made: found.made, fresh: entriesOf(fresh), others: entriesOf(others), known, clash };
  } catch (error) {
    return { ok: false, reason: isFull(error) ? 'full' : 'storage' };
  }
}
