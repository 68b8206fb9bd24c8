import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../domain/app';
import { decode, type Event } from '../domain/event';
import { ACCOUNT, breakDown, freshOutbox, id, INC, NOON, PERSON, saving, tamper, TOWN } from './journal.testkit';
import { Outbox } from './outbox';

let outbox: Outbox;
let mend: () => void = () => undefined;
beforeEach(async () => void (outbox = await freshOutbox()));
afterEach(() => mend());

const draft = (n: number, more: Partial<Draft> = {}): Draft => ({
  ...{ id: id(n), kind: 'foot_patrol', e: null, values: { minutes: n }, base: {}, focus: null, at: NOON },
  ...more,
});
const keep = (d: Draft) => outbox.keepDraft({ ...d, account: ACCOUNT });
const events = async () => (await outbox.rows()).map((row) => decode(row.bytes) as Event);

describe('saving', () => {
  it('writes the event with its number and stamp and drops the draft', async () => {
    await keep(draft(1));
    expect(await outbox.save(saving(1))).toMatchObject({ ok: true, e: id(1), id: id(1) });
    expect(await outbox.drafts(ACCOUNT)).toEqual([]);
    expect(await outbox.rows()).toMatchObject([
      { id: id(1), e: id(1), inc: INC, n: 1, state: 'unsent', seq: null, seal: 'none', savedAt: NOON },
    ]);
    expect(await outbox.small(`n:${INC}`)).toBe(2);
  });

  it('counts from 1 without a hole, and stamps rise while the clock is set back', async () => {
    for (let n = 1; n <= 5; n += 1) await outbox.save(saving(n, { now: NOON - n * 1000 }));
    const all = await events();
    expect(all.map((e) => e.n)).toEqual([1, 2, 3, 4, 5]);
    expect(all.map((e) => e.hlc)).toEqual(all.map((e) => e.hlc).toSorted());
    expect(new Set(all.map((e) => e.hlc)).size).toBe(5);
  });

  it('the same draft twice, one after the other, writes once', async () => {
    await outbox.save(saving(1));
    expect(await outbox.save(saving(1, { set: { minutes: 99 } }))).toMatchObject({ ok: true, e: id(1), id: id(1) });
    expect(await events()).toMatchObject([{ n: 1, set: { minutes: 1 } }]);
  });

  it('the same draft at once in two tabs writes once', async () => {
    const other = new Outbox(TOWN);
    const results = await Promise.all([
      outbox.save(saving(1)),
      other.save(saving(1)),
      outbox.save(saving(1)),
      other.save(saving(2)),
    ]);
    expect(results.every((r) => r.ok)).toBe(true);
    expect((await events()).map((e) => [e.id, e.n]).sort()).toEqual([
      [id(1), 1],
      [id(2), 2],
    ]);
  });

  it('that breaks off midway leaves everything as it was, and the draft', async () => {
    await keep(draft(1));
    const broken = {
      ...saving(1),
      spell: () => {
        throw new Error('killed');
      },
    };
    expect(await outbox.save(broken)).toMatchObject({ ok: false, reason: 'storage' });
    expect(await outbox.rows()).toEqual([]);
    expect(await outbox.drafts(ACCOUNT)).toHaveLength(1);
    expect(await outbox.small(`n:${INC}`)).toBe(1);
    expect(await outbox.save(saving(1))).toMatchObject({ ok: true });
    expect((await events())[0]?.n).toBe(1);
  });

  it('that was killed after the commit finds the event on the next press, and a late autosave does not bring the draft back', async () => {
    await keep(draft(1));
    await outbox.save(saving(1));
    await outbox.db.close(); // the app was killed; it starts again
    const restarted = new Outbox(TOWN);
    await restarted.keepDraft({ ...draft(1), account: ACCOUNT });
    expect(await restarted.drafts(ACCOUNT)).toEqual([]);
    expect(await restarted.save(saving(1))).toMatchObject({ ok: true, e: id(1), id: id(1) });
    expect(await restarted.rows()).toHaveLength(1);
    await restarted.db.close();
  });

  it('on a full phone says so and keeps the draft', async () => {
    await keep(draft(1));
    mend = breakDown(9, () => new DOMException('no room', 'QuotaExceededError'), 'add');
    expect(await outbox.save(saving(1))).toMatchObject({ ok: false, reason: 'full' });
    mend();
    expect(await outbox.drafts(ACCOUNT)).toHaveLength(1);
    expect(await outbox.rows()).toEqual([]);
    expect(await outbox.save(saving(1))).toMatchObject({ ok: true });
  });

  it('asks for the strictest durability there is', async () => {
    const asked: unknown[] = [];
    mend = tamper(IDBDatabase, 'transaction', (real, _self, args) => {
      if (args[1] === 'readwrite') asked.push(args[2]);
      return real();
    });
    await outbox.save(saving(1));
    expect(asked).toEqual([{ durability: 'strict' }]);
  });

  it('of more than an event may hold says so and keeps the draft', async () => {
    await keep(draft(1));
    expect(await outbox.save(saving(1, { set: { note: 'x'.repeat(70_000) } }))).toMatchObject({
      ok: false,
      reason: 'too-large',
    });
    expect(await outbox.drafts(ACCOUNT)).toHaveLength(1);
  });

  it.each(['InvalidStateError', 'UnknownError'])(
    'on a connection that died (%s) opens it anew and is done',
    async (name) => {
      await outbox.rows();
      mend = breakDown(1, () => new DOMException('connection lost', name));
      expect(await outbox.save(saving(1))).toMatchObject({ ok: true });
      expect(await outbox.rows()).toHaveLength(1);
    },
  );

  it('gives up when every new connection dies too, keeping the draft', async () => {
    await keep(draft(1));
    mend = breakDown(99, () => new DOMException('connection lost', 'InvalidStateError'));
    expect(await outbox.save(saving(1))).toMatchObject({ ok: false, reason: 'storage' });
    mend();
    expect(await outbox.drafts(ACCOUNT)).toHaveLength(1);
  });

  it('that does not read back the same is not called saved', async () => {
    mend = tamper(IDBIndex, 'get', (real, self, args) => {
      if ((self as IDBIndex).objectStore.transaction.mode === 'readonly') args[0] = 'nothing';
      return real();
    });
    expect(await outbox.save(saving(1))).toEqual({ ok: false, reason: 'readback' });
  });
});

describe('a connection', () => {
  it('is found dead by a probe before a person needs it', async () => {
    await outbox.rows();
    mend = breakDown(3, () => new DOMException('connection lost', 'UnknownError'));
    await outbox.db.probe();
    mend();
    expect(await outbox.rows()).toEqual([]);
  });

  it('makes way when another wants the database gone', async () => {
    await outbox.save(saving(1));
    await freshOutbox(); // deletes it, which an open connection would block
    expect(await outbox.rows()).toEqual([]);
  });
});

describe('persons on one phone', () => {
  const other = { ...PERSON, account: id(500), inc: id(501) };
  it('have numbers of their own and do not see each other’s drafts', async () => {
    await outbox.keepPerson(other);
    await outbox.save(saving(1));
    await outbox.save(saving(2, { inc: other.inc }));
    await outbox.keepDraft({ ...draft(3), account: other.account });
    expect((await outbox.rows()).map((row) => [row.inc, row.n]).sort()).toEqual(
      [
        [other.inc, 1],
        [INC, 1],
      ].sort(),
    );
    expect(await outbox.drafts(ACCOUNT)).toEqual([]);
    expect(await outbox.drafts(other.account)).toEqual([draft(3)]);
  });

  it('who sign in again go on counting where they were', async () => {
    await outbox.save(saving(1));
    await outbox.keepPerson({ ...PERSON, token: 'new' });
    await outbox.save(saving(2));
    expect((await events()).map((e) => e.n)).toEqual([1, 2]);
  });
});
