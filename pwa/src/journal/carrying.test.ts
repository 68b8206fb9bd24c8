import { beforeEach, expect, it } from 'vitest';
import type { Carried } from '../domain/rescue';
import { takeIn } from './carrying';
import { freshOutbox, id, INC, NOON, receipt, saving } from './journal.testkit';
import type { Outbox } from './outbox';
import { beginTurn, settle } from './turns';

const THEIRS = id(900);
let outbox: Outbox;
beforeEach(async () => {
  outbox = await freshOutbox();
});

/** Event `n` of an installation, as a file has it. */
function carried(n: number, inc = THEIRS, state: Carried['state'] = 'unsent'): Carried {
  const { id: of, e, spell } = saving(n, { inc });
  return { id: of, e, inc, n, seal: 'none', state, savedAt: NOON, bytes: spell(n, '0192f3c41a2b-0003', null) };
}
const save = async (n: number) => outbox.save(saving(n));
const found = async () => (await outbox.rows()).map((row) => [row.inc === INC ? 'own' : 'theirs', row.n, row.state]);

it('another phone’s events wait to be sent, and say that they were carried', async () => {
  await takeIn(outbox, [carried(1), carried(2, THEIRS, 'ok')], NOON + 5);
  expect(await found()).toEqual([
    ['theirs', 1, 'unsent'],
    ['theirs', 2, 'unsent'],
  ]);
  const { batch } = await beginTurn(outbox, 9, NOON);
  expect(batch.map(({ n, again, carriedIn }) => [n, again, carriedIn])).toEqual([
    [1, false, NOON + 5],
    [2, true, NOON + 5],
  ]);
});

it('reading a file ten times changes nothing after the first', async () => {
  const events = [carried(1), carried(2)];
  expect(await takeIn(outbox, events, NOON)).toMatchObject({ known: 0 });
  const once = await outbox.rows();
  for (let i = 0; i < 9; i += 1)
    expect(await takeIn(outbox, events, NOON + i)).toEqual({ fresh: [], known: 2, clash: 0 });
  expect(await outbox.rows()).toEqual(once);
});

it('another phone’s numbers leave this one’s alone', async () => {
  await save(11);
  await takeIn(outbox, [carried(40)], NOON);
  await save(12);
  expect(await found()).toEqual([
    ['own', 1, 'unsent'],
    ['own', 2, 'unsent'],
    ['theirs', 40, 'unsent'],
  ]);
});

it('an own event that storage had lost keeps its number from being given again', async () => {
  await save(11);
  await takeIn(outbox, [carried(2, INC), carried(3, INC)], NOON);
  expect(await save(12)).toMatchObject({ ok: true, row: { n: 4 } });
});

it('an event whose number is another’s here is left in the file, and the rest is taken', async () => {
  await save(11);
  const taken = await takeIn(outbox, [carried(1, INC), carried(2, INC)], NOON);
  expect([taken.clash, taken.fresh.map(({ n }) => n)]).toEqual([1, [2]]);
});

it('what was erased here stays erased', async () => {
  await save(1);
  const { turn } = await beginTurn(outbox, 9, NOON);
  await settle(outbox, turn, receipt([{ id: id(1), c: 'erased', seq: 1 }]), NOON, 0);
  expect(await takeIn(outbox, [carried(1, INC)], NOON)).toEqual({ fresh: [], known: 1, clash: 0 });
  expect(await outbox.rows()).toMatchObject([{ state: 'erased', bytes: '' }]);
});
