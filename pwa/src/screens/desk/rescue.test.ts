import { expect, it } from 'vitest';
import type { Answer, PushItem, PushReply, PushResult } from '../../api/desk';
import { id as eventId, NOON, saving, TOWN } from '../../journal/journal.testkit';
import { type Carried, spellRescue } from '../../domain/rescue';
import { handIn, openRescue, partsOf } from './rescue';
import { people } from './testkit-people';

const carried = (n: number, more: Partial<Carried> = {}): Carried => {
  const { id, e, inc, spell } = saving(n);
  const bytes = spell(n, '0192f3c41a2b-0003', null);
  return { id, e, inc, n, seal: 'none', state: 'unsent', savedAt: NOON + n, bytes, ...more };
};

/** A log that stood at 10, and answers each event as it is told to. */
function server(answer: (item: PushItem) => Partial<PushResult>) {
  const batches: number[] = [];
  const carry = async (items: readonly PushItem[]): Promise<Answer<PushReply>> => {
    batches.push(items.length);
    const res = items.map((item): PushResult => ({ id: item.id, c: 'ok', ...answer(item) }));
    return { ok: true, value: { head: { epoch: TOWN, seq: 10, chain: '' }, res } as unknown as PushReply };
  };
  return { carry, batches };
}

it('a file of another town is told from one of this', async () => {
  const text = await spellRescue({ town: TOWN, made: NOON, events: [carried(1)] });
  expect(await openRescue(text, eventId(5))).toBe('town');
  expect(await openRescue(text, TOWN)).toMatchObject({ made: NOON });
});

it('the part of each writer is told by number and day, and nothing of what was written', () => {
  const file = [carried(1), carried(2), carried(3, { e: eventId(1) }), carried(4, { bytes: '{"odd"' })];
  const [known, odd] = partsOf(file, [{ ...people().people[0]!, account: '00000000-0000-7000-8000-00000000000b' }]);
  expect(known).toMatchObject({ name: 'Kim Exempel', entries: 2, events: 3, first: NOON + 1, last: NOON + 3 });
  expect(odd).toMatchObject({ account: '', known: false, events: 1 });
});

it('what was missing is told from what had arrived, was parked or erased', async () => {
  const told: Partial<PushResult>[] = [{ seq: 11 }, { seq: 3 }, { c: 'parked', seq: 12 }, { c: 'erased', seq: 4 }];
  const at = server(({ n }) => told[n - 1] ?? { c: 'refused' });
  expect(
    await handIn(
      at,
      [1, 2, 3, 4, 5].map((n) => carried(n)),
      () => undefined,
    ),
  ).toEqual({
    ok: true,
    value: { fresh: 2, known: 1, parked: 1, erased: 1, refused: 1 },
  });
});

it('many events travel in several requests, and each is told when it is answered', async () => {
  const at = server(({ n }) => ({ seq: n }));
  const heard: number[] = [];
  await handIn(
    at,
    Array.from({ length: 120 }, (_, i) => carried(i + 1)),
    (n) => heard.push(n),
  );
  expect([at.batches, heard]).toEqual([
    [0, 50, 50, 20],
    [50, 100, 120],
  ]);
});

it('what the server asks for later is trouble, and nothing is told as arrived', async () => {
  const at = server(() => ({ c: 'later' }));
  expect(await handIn(at, [carried(1)], () => undefined)).toMatchObject({ ok: false });
});
