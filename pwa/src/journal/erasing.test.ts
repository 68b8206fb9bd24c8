import { openDB } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../domain/log';
import type { State } from '../domain/state';
import { Cache } from './cache';
import { erase } from './erasing';
import { ACCOUNT, freshOutbox, head, id, INC, NOON, PERSON, receipt, saving, TOWN } from './journal.testkit';
import type { Outbox } from './outbox';
import { beginTurn, settle } from './turns';

let outbox: Outbox;
beforeEach(async () => void (outbox = await freshOutbox()));

const ok = (n: number, seq = n): Result => ({ id: id(n), c: 'ok', seq });
/** All that any database here holds, as text. */
async function everything(): Promise<string> {
  const all: unknown[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await openDB(name);
    for (const store of db.objectStoreNames) all.push(await db.getAll(store));
    db.close();
  }
  return JSON.stringify(all);
}
async function save(...ns: number[]): Promise<void> {
  for (const n of ns) await outbox.save(saving(n));
}
async function sent(...results: Result[]): Promise<void> {
  const { turn } = await beginTurn(outbox, 25);
  await settle(outbox, turn, receipt(results), NOON, 0);
}

describe('what the server erased', () => {
  it('has no bytes here any more, nor does a draft that corrects it', async () => {
    await save(1, 2, 3);
    await sent(ok(1), ok(2), ok(3));
    const draft = { kind: 'k', values: { note: 'x' }, base: {}, focus: null, at: NOON, account: 'a' };
    await outbox.keepDraft({ ...draft, id: id(50), e: id(2) });
    await outbox.keepDraft({ ...draft, id: id(51), e: id(3) });
    await erase(outbox, [id(1)], [id(2)]);
    expect((await outbox.rows()).map((row) => [row.state, row.bytes === ''])).toEqual([
      ['erased', true],
      ['erased', true],
      ['ok', false],
    ]);
    expect((await outbox.drafts('a')).map((d) => d.id)).toEqual([id(51)]);
  });

  it('is in no value of any store, whether a page or a reply told of it', async () => {
    for (const n of [1, 2]) await outbox.save(saving(n, { set: { note: `SECRET-${n}` } }));
    await sent(ok(1), { id: id(2), c: 'erased', seq: 2 });
    await outbox.save(saving(3, { e: id(1), set: { note: 'SECRET-3' } }));
    const draft = { kind: 'k', base: {}, focus: null, at: NOON, account: 'a' };
    const shown = { values: { note: 'SECRET-1' }, shown: { note: 'SECRET-1' } };
    await outbox.keepDraft({ ...draft, ...shown, id: id(50), e: id(1) });
    expect(await everything()).toContain('SECRET-1');
    expect(await everything()).not.toContain('SECRET-2');
    await erase(outbox, [id(1)], []);
    expect(await everything()).not.toContain('SECRET-1');
    expect(await everything()).toContain('SECRET-3');
    await erase(outbox, [], [id(1)]);
    expect(await everything()).not.toContain('SECRET');
  });

  it('is gone from the drafts that were begun with it in sight, whoever wrote it', async () => {
    const draft = { kind: 'k', values: { note: 'SECRET' }, focus: null, at: NOON, account: 'a' };
    await outbox.keepDraft({ ...draft, id: id(50), e: id(2), base: { note: [id(7)] } });
    await erase(outbox, [id(7)], []);
    expect(await outbox.drafts('a')).toEqual([]);
  });

  it('is not brought back by a form that was open with it, of the entry or with such a value in sight', async () => {
    await save(1, 2);
    await sent(ok(1), ok(2));
    const draft = { kind: 'k', values: { note: 'SECRET' }, focus: null, at: NOON, account: 'a' };
    const open = [
      { ...draft, id: id(50), e: id(1), base: {} },
      { ...draft, id: id(51), e: id(9), base: { note: [id(2)] } },
      { ...draft, id: id(52), e: id(9), base: { note: [id(8)] } },
    ];
    for (const form of open) await outbox.keepDraft(form);
    await erase(outbox, [id(2)], [id(1)]);
    for (const form of open) await outbox.keepDraft(form); // each goes on being typed in
    expect((await outbox.drafts('a')).map((d) => d.id)).toEqual([id(52)]);
  });

  it('is gone from what is cached of everyone here, and leaves what its skeleton says', async () => {
    const colleague = '00000000-0000-7000-8000-00000000000d';
    await outbox.keepPerson({ ...PERSON, account: colleague });
    const write = (n: number, v: string) => ({ h: [{ id: id(n), eff: '0192f3c41a2b-0003', inc: INC, n, v }] });
    const f = {
      note: write(1, 'SECRET'),
      retracted: write(1, 'SECRET'),
      dup_of: write(1, id(9)),
      place: write(2, 'x'),
    };
    const st: State = { t: 'activity', kind: 'k', parent: null, by: ACCOUNT, f };
    const about = { erased: [], next: 'c', more: false, head: head(9), now: NOON };
    for (const account of [ACCOUNT, colleague])
      await new Cache(TOWN, account).apply('', { ents: [{ e: id(1), seq: 5, st, parked: [] }], ...about });
    await erase(outbox, [id(1)], []);
    expect(await everything()).not.toContain('SECRET');
    const { entities, cursor } = await new Cache(TOWN, colleague).load(null);
    const values = Object.entries(entities[0]?.st?.f ?? {}).map(([name, r]) => [name, r.h[0]?.v]);
    expect([Object.fromEntries(values), cursor]).toEqual([
      { note: null, retracted: 'erased', dup_of: id(9), place: 'x' },
      'c',
    ]);
  });
});
