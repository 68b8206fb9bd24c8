import { beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../domain/log';
import { counting } from './counting.testkit';
import { DAY, freshOutbox, head, id, INC, NOON, receipt, saving, tamper, TOWN } from './journal.testkit';
import { Outbox } from './outbox';
import { beginTurn, failTurn, refuse, settle, takeTurn } from './turns';
import { newId } from '../domain/id';

let outbox: Outbox;
beforeEach(async () => void (outbox = await freshOutbox()));

const ok = (n: number, seq = n): Result => ({ id: id(n), c: 'ok', seq });
const asPlace = (text: string) =>
  text.replace('{"kind":"foot_patrol","parent":null,"t":"activity"}', '{"kind":null,"parent":null,"t":"place"}');
const states = async () => (await outbox.rows()).map((row) => row.state);
async function save(...ns: number[]): Promise<void> {
  for (const n of ns) await outbox.save(saving(n));
}
async function sent(...results: Result[]): Promise<void> {
  const { turn } = await beginTurn(outbox, 25);
  await settle(outbox, turn, receipt(results), NOON, 0);
}

describe('a turn', () => {
  it('marks what is sent, and each has a number of its own', async () => {
    await save(1, 2, 3);
    const first = await beginTurn(outbox, 2);
    expect([first.turn, first.pending, first.oldest, first.head]).toEqual([1, 3, NOON, null]);
    expect(await states()).toEqual(['sending', 'sending', 'unsent']);
    expect((await beginTurn(outbox, 1)).turn).toBe(2);
    expect(await states()).toEqual(['sending', 'unsent', 'unsent']);
  });

  it('that failed leaves its events unsent with what went wrong', async () => {
    await save(1);
    const { turn } = await beginTurn(outbox, 25);
    await failTurn(outbox, turn, 'offline 0');
    expect(await outbox.rows()).toMatchObject([{ state: 'unsent', tries: 1, error: 'offline 0' }]);
  });

  it('that is not the latest changes nothing, whether it failed or was answered', async () => {
    await save(1);
    const old = await beginTurn(outbox, 25);
    await beginTurn(outbox, 25);
    await failTurn(outbox, old.turn, 'late');
    expect(await settle(outbox, old.turn, receipt([ok(1)]), NOON, 0)).toMatchObject({ applied: false });
    expect(await outbox.rows()).toMatchObject([{ state: 'sending', tries: 0, seq: null }]);
    expect(await outbox.small('head')).toBeUndefined();
  });

  it('is fetched with only when nothing is unsent', async () => {
    await save(1);
    expect(await takeTurn(outbox)).toBeNull();
    await sent(ok(1));
    expect(await takeTurn(outbox)).toEqual({ turn: 2, head: head(1) });
  });
});

describe('a reply', () => {
  it('writes each event’s outcome, the head and the clock’s offset', async () => {
    await save(1, 2, 3, 4, 5);
    const { turn } = await beginTurn(outbox, 25);
    const res: Result[] = [
      ok(1),
      { id: id(2), c: 'parked', seq: 2, why: 'future' },
      { id: id(3), c: 'erased', seq: 3 },
      { id: id(4), c: 'later' },
      { id: id(5), c: 'refused', why: 'town', detail: 'x' },
    ];
    expect(await settle(outbox, turn, receipt(res), NOON, 411.7)).toEqual({
      applied: true,
      left: 1,
      progress: true,
      forked: false,
    });
    expect(await outbox.rows()).toMatchObject([
      { state: 'ok', seq: 1, answered: NOON },
      { state: 'parked', seq: 2, why: 'future', answered: NOON },
      { state: 'erased', seq: 3, bytes: '' },
      { state: 'unsent', seq: null, answered: null },
      { state: 'refused', seq: null, why: 'town', error: 'x', answered: NOON },
    ]);
    expect([await outbox.small('head'), await outbox.small('offset'), await outbox.small('allSentAt')]).toEqual([
      head(3),
      412,
      undefined,
    ]);
  });

  it('that comes twice is applied once', async () => {
    await save(1);
    const { turn } = await beginTurn(outbox, 25);
    await settle(outbox, turn, receipt([ok(1)]), NOON, 0);
    expect((await settle(outbox, turn, receipt([ok(1)], { reoffer: true }), NOON, 0)).applied).toBe(false);
    expect(await states()).toEqual(['ok']);
  });

  it('whose outcomes cannot be written leaves the head, and is applied when it comes again', async () => {
    await save(1);
    const { turn } = await beginTurn(outbox, 25);
    const mend = tamper(IDBObjectStore, 'put', (real, self) => {
      if ((self as IDBObjectStore).name === 'events') throw new DOMException('full', 'QuotaExceededError');
      return real();
    });
    await expect(settle(outbox, turn, receipt([ok(1)]), NOON, 0)).rejects.toThrow('full');
    mend();
    expect([await states(), await outbox.small('head')]).toEqual([['sending'], undefined]);
    expect((await settle(outbox, turn, receipt([ok(1)]), NOON, 0)).applied).toBe(true);
  });

  it('changes no event that was not sent in its turn', async () => {
    await save(1);
    const { turn } = await beginTurn(outbox, 25);
    await save(2);
    expect(await settle(outbox, turn, receipt([ok(1), ok(2)]), NOON, 0)).toMatchObject({ left: 1 });
    expect(await states()).toEqual(['ok', 'unsent']);
  });

  it('without a result for an event leaves it unsent, and is no progress', async () => {
    await save(1);
    const { turn } = await beginTurn(outbox, 25);
    expect(await settle(outbox, turn, receipt([]), NOON, 0)).toMatchObject({ left: 1, progress: false });
    expect(await states()).toEqual(['unsent']);
  });

  it('says when all was sent', async () => {
    await save(1);
    await sent(ok(1));
    expect(await outbox.small('allSentAt')).toBe(NOON);
  });
});

describe('after a restore', () => {
  it('every event that is kept is unsent again, of every installation, but not what was refused or erased', async () => {
    const other = newId(5);
    await outbox.save(saving(9, { inc: other }));
    await save(1, 2, 3);
    await sent(ok(1, 7), { id: id(2), c: 'refused', why: 'malformed' }, { id: id(3), c: 'erased', seq: 8 }, ok(9, 9));
    await save(4);
    const { turn } = await beginTurn(outbox, 25);
    const restored = head(2, id(900));
    const settled = await settle(outbox, turn, receipt([ok(4, 2)], { reoffer: true, head: restored }), NOON, 0);
    expect(settled).toMatchObject({ applied: true, left: 2 });
    const rows = new Map((await outbox.rows()).map((row) => [row.id, row]));
    for (const n of [1, 9])
      expect(rows.get(id(n))).toMatchObject({ state: 'unsent', seq: null, again: true, answered: NOON });
    expect(rows.get(id(2))?.state).toBe('refused');
    expect(rows.get(id(3))).toMatchObject({ state: 'erased', bytes: '' });
    expect(rows.get(id(4))).toMatchObject({ state: 'ok', seq: 2, again: true });
    expect(await outbox.small('head')).toEqual(restored);
  });
});

describe('after a fork', () => {
  it('later events have a new installation and count from 1; earlier ones keep theirs', async () => {
    await save(1, 2);
    const { turn } = await beginTurn(outbox, 25);
    expect(await settle(outbox, turn, receipt([ok(1), ok(2)], { fork: [INC] }), NOON, 0)).toMatchObject({
      forked: true,
    });
    const person = await outbox.person((await import('./journal.testkit')).ACCOUNT);
    expect(person?.inc).not.toBe(INC);
    await outbox.save(saving(3, { inc: person?.inc ?? '' }));
    expect((await outbox.rows()).map((row) => [row.inc === INC, row.n]).sort()).toEqual(
      [
        [false, 1],
        [true, 1],
        [true, 2],
      ].sort(),
    );
  });
});

describe('purging', () => {
  const old = NOON - 60 * DAY;
  async function keptAfter(answered: number, seq: number, safe: number, savedAt = answered): Promise<number> {
    await outbox.save(saving(1, { now: savedAt }));
    const first = await beginTurn(outbox, 25);
    await settle(outbox, first.turn, receipt([ok(1, seq)], { now: answered }), savedAt, 0);
    const { turn } = await beginTurn(outbox, 0);
    await settle(outbox, turn, receipt([], { safe, head: head(seq) }), NOON, 0);
    return (await outbox.rows()).length;
  }
  it('takes what is 60 days old and in every backup', async () => expect(await keptAfter(old, 5, 5)).toBe(0));
  it('keeps what is younger', async () => expect(await keptAfter(old + 1, 5, 5)).toBe(1));
  it('keeps what is above safe', async () => expect(await keptAfter(old, 5, 4)).toBe(1));
  it('keeps what is young by the server’s clock, when the phone’s was a year behind', async () =>
    expect(await keptAfter(old + 1, 5, 5, old - 365 * DAY)).toBe(1));
  it('keeps a proposed place that stands aside: this phone alone knows its name', async () => {
    const spelled = saving(1);
    const proposal = { ...spelled, spell: (...at: Parameters<typeof spelled.spell>) => asPlace(spelled.spell(...at)) };
    await outbox.save({ ...proposal, now: old });
    await outbox.save(saving(2, { now: old }));
    const first = await beginTurn(outbox, 25);
    const parked = [1, 2].map((n): Result => ({ id: id(n), c: 'parked', seq: n, why: 'right' }));
    await settle(outbox, first.turn, receipt(parked, { now: old }), old, 0);
    const { turn } = await beginTurn(outbox, 0);
    await settle(outbox, turn, receipt([], { safe: 5, head: head(5) }), NOON, 0);
    expect((await outbox.rows()).map((row) => row.id)).toEqual([id(1)]);
  });
  it('keeps what was offered again and not answered', async () => {
    await outbox.save(saving(1, { now: old }));
    await sent(ok(1, 5));
    const { turn } = await beginTurn(outbox, 0);
    await settle(outbox, turn, receipt([], { safe: 99, reoffer: true }), NOON, 0);
    expect(await states()).toEqual(['unsent']);
  });
  it('keeps what was never sent and what was refused, however old', async () => {
    await outbox.save(saving(2, { now: old }));
    await refuse(outbox, id(2), 'malformed', '400');
    await outbox.save(saving(3, { now: old }));
    const { turn } = await beginTurn(outbox, 0);
    await settle(outbox, turn, receipt([], { safe: 99 }), NOON, 0);
    expect(await states()).toEqual(['refused', 'unsent']);
  });
});

it('a refused event is kept', async () => {
  await save(1);
  await refuse(outbox, id(1), 'malformed', '400');
  expect(await outbox.rows()).toMatchObject([{ state: 'refused', why: 'malformed' }]);
  expect((await outbox.rows())[0]?.bytes).toContain('"minutes":1');
});

describe('the order of sending', () => {
  const HOUR = 3_600_000;
  const sizeOf = async (size: number) => (await beginTurn(outbox, size)).batch.map(({ id: i }) => i);
  const next = async (size = 9) => (await sizeOf(size)).map((i) => [1, 2, 3, 4, 5, 6, 7, 8].find((n) => id(n) === i));

  it('is the newest day first, and within a day the oldest', async () => {
    for (const [n, ago] of [5, 3, 2, 0].entries())
      for (const half of [0, 1]) await outbox.save(saving(2 * n + half + 1, { now: NOON - ago * DAY + half * HOUR }));
    expect(await next()).toEqual([7, 8, 5, 6, 3, 4, 1, 2]);
    expect(await next(3)).toEqual([7, 8, 5]);
    expect(await next(1)).toEqual([7]);
    expect(await next(0)).toEqual([]);
  });

  it('has all that corrects an entry after it, even when the clock went back or the entry is of last month', async () => {
    await outbox.save(saving(1, { now: NOON - 30 * DAY }));
    await outbox.save(saving(2, { now: NOON - 29 * DAY }));
    await outbox.save(saving(3, { now: NOON }));
    await outbox.save(saving(4, { now: NOON - HOUR, e: id(3) }));
    await outbox.save(saving(5, { now: NOON + HOUR, e: id(1) }));
    await outbox.save(saving(6, { now: NOON - 40 * DAY, e: id(1) }));
    expect(await next()).toEqual([3, 4, 1, 5, 6, 2]);
    expect(await next(4)).toEqual([3, 4, 1, 5]);
  });

  it('stops before the request is too large, but always takes one', async () => {
    for (const [n, length] of [[1, 50_000], ...[2, 3, 4, 5, 6, 7].map((m) => [m, 45_000] as const)] as const)
      await outbox.save(saving(n, { set: { note: 'x'.repeat(length) }, now: NOON + n }));
    expect(await next()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is found without reading more than is sent, however much waits', async () => {
    for (let n = 1; n <= 200; n += 1) await outbox.save(saving(n, { now: NOON - (n % 50) * DAY }));
    expect((await counting(() => beginTurn(outbox, 10))).rows).toBeLessThanOrEqual(20);
  });
});

it('two tabs share one outbox', async () => {
  const other = new Outbox(TOWN);
  await save(1);
  const mine = await beginTurn(outbox, 25);
  const theirs = await beginTurn(other, 25);
  expect((await settle(outbox, mine.turn, receipt([ok(1)]), NOON, 0)).applied).toBe(false);
  expect((await settle(other, theirs.turn, receipt([ok(1)]), NOON, 0)).applied).toBe(true);
  await other.db.close();
});
