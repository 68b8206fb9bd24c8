import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshOutbox, INC, NOON, PERSON, receipt, saving, TOWN } from '../journal/journal.testkit';
import { Outbox } from '../journal/outbox';
import { beginTurn, settle } from '../journal/turns';
import { newId } from '../domain/id';
import { lost, type Memory, note, PAGE, understood } from './trace';

let outbox: Outbox;
let kept: string | null;
const memory: Memory = { get: () => kept, set: (text) => void (kept = text) };

const save = async (...ns: number[]) => {
  for (const n of ns) await outbox.save(saving(n));
  await note(memory, outbox, NOON);
};
/** The first so many are answered. */
const send = async (count: number) => {
  const { turn, batch } = await beginTurn(outbox, count);
  await settle(outbox, turn, receipt(batch.map(({ id: i }, seq) => ({ id: i, c: 'ok', seq: seq + 1 }))), NOON, 0);
  await note(memory, outbox, NOON);
};
const wipe = async () => {
  await outbox.db.close();
  await deleteDB(`outbox-${TOWN}`);
};
const connectAnew = async (inc = newId(7)) => {
  outbox = new Outbox(TOWN);
  await outbox.keepPerson({ ...PERSON, inc });
};

beforeEach(async () => {
  kept = null;
  outbox = await freshOutbox();
});
afterEach(async () => outbox.db.close());

describe('an emptied storage', () => {
  it('is noticed, with how much the server had received and how much it had not', async () => {
    await save(1, 2, 3, 4, 5);
    await send(2);
    await wipe();
    expect(await lost(memory, NOON + 1)).toEqual({ wrote: 5, unsent: 3, at: NOON });
  });

  it('in which all was sent has lost nothing', async () => {
    await save(1, 2);
    await send(9);
    await wipe();
    expect(await lost(memory, NOON + 1)).toEqual({ wrote: 2, unsent: 0, at: NOON });
  });

  it('is told until somebody has read it, whoever connects and saves meanwhile', async () => {
    await save(1, 2, 3);
    await wipe();
    await connectAnew();
    await note(memory, outbox, NOON + 1);
    await outbox.save(saving(9, { inc: newId(7) }));
    await note(memory, outbox, NOON + 2);
    expect(await lost(memory, NOON + 3)).toEqual({ wrote: 3, unsent: 3, at: NOON });
    understood(memory);
    expect(await lost(memory, NOON + 4)).toBeNull();
  });

  it('is told as one when it happens again', async () => {
    await save(1, 2);
    await wipe();
    await connectAnew(INC);
    await note(memory, outbox, NOON + 1);
    await outbox.save(saving(3));
    await note(memory, outbox, NOON + 2);
    await wipe();
    expect(await lost(memory, NOON + 3)).toEqual({ wrote: 3, unsent: 3, at: NOON + 2 });
  });

  it('that came back older than it was has lost what was written since', async () => {
    await save(1);
    await send(1);
    kept = JSON.stringify({ towns: { [TOWN]: { n: { [INC]: 4 }, unsent: 2, at: NOON } }, lost: [] });
    expect(await lost(memory, NOON + 1)).toEqual({ wrote: 3, unsent: 2, at: NOON });
  });
});

describe('nothing is told as lost', () => {
  it('on a phone that was never used', async () => expect(await lost(memory, NOON)).toBeNull());

  it('when all is there', async () => {
    await save(1, 2, 3);
    await send(1);
    expect(await lost(memory, NOON)).toBeNull();
  });

  it('when the trace was not written because the app was killed', async () => {
    await save(1);
    await outbox.save(saving(2));
    expect(await lost(memory, NOON)).toBeNull();
  });

  it('when another tab saves while this one looks', async () => {
    await save(1);
    const looking = note(memory, outbox, NOON);
    kept = JSON.stringify({ towns: { [TOWN]: { n: { [INC]: 9 }, unsent: 1, at: NOON } }, lost: [] });
    await looking;
    expect(JSON.parse(kept)).toMatchObject({ towns: { [TOWN]: { n: { [INC]: 9 } } }, lost: [] });
  });

  it('by a page that may keep nothing, which goes on as before', async () => {
    await note(PAGE, outbox, NOON);
    expect(PAGE.get()).toBeNull();
    expect(await lost(PAGE, NOON)).toBeNull();
  });

  it('of a trace that nobody can read', async () => {
    kept = '{';
    expect(await lost(memory, NOON)).toBeNull();
    await save(1);
    expect(await lost(memory, NOON)).toBeNull();
  });
});
