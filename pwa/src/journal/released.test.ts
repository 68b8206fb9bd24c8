import { beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, head, id, INC, NOON, receipt, removeAll, saving, TOWN } from './journal.testkit';
import { Outbox } from './outbox';
import { beginTurn, settle } from './turns';

/** What an app of that version left on a phone: stores, indexes and all that is in them. */
type Left = {
  version: number;
  stores: Record<
    string,
    {
      keyPath: string | string[] | null;
      indexes: { name: string; keyPath: string | string[]; unique: boolean }[];
      records: { key: IDBValidKey; value: unknown }[];
    }
  >;
};

/** Makes a phone's outbox as that app left it, without any code of this one. */
async function leave({ version, stores }: Left): Promise<void> {
  const opening = indexedDB.open(`outbox-${TOWN}`, version);
  opening.onupgradeneeded = () => {
    for (const [name, { keyPath, indexes, records }] of Object.entries(stores)) {
      const store = opening.result.createObjectStore(name, { keyPath });
      for (const index of indexes) store.createIndex(index.name, index.keyPath, { unique: index.unique });
      for (const { key, value } of records) store.put(value, keyPath === null ? key : undefined);
    }
  };
  await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
  opening.result.close();
}

const all = import.meta.glob<Left>('./released/*.json', { eager: true, import: 'default' });

it('something is kept of what was released', () => expect(Object.keys(all)).not.toEqual([]));

describe.each(Object.entries(all))('what the app of %s left on a phone', (_, left) => {
  let outbox: Outbox;
  beforeEach(async () => {
    await removeAll();
    await leave(left);
    outbox = new Outbox(TOWN);
  });

  it('is all there: events in every state, the draft, the person and the head', async () => {
    const rows = (await outbox.rows()).map((row) => [row.id, row.state, row.bytes === '']);
    expect(rows).toEqual([
      [id(1), 'ok', false],
      [id(2), 'parked', false],
      [id(3), 'erased', true],
      [id(4), 'refused', false],
      [id(5), 'sending', false],
      [id(6), 'unsent', false],
    ]);
    expect(await outbox.drafts(ACCOUNT)).toMatchObject([{ id: id(7), values: { note: 'halv' }, focus: 'note' }]);
    expect([(await outbox.person(ACCOUNT))?.inc, await outbox.small('head')]).toEqual([INC, head(3)]);
  });

  it('is sent byte for byte as it was written, and its numbers go on', async () => {
    const kept = left.stores.events?.records.map(({ value }) => value as { id: string; bytes: string });
    const { turn, batch } = await beginTurn(outbox, 25);
    expect(batch.map(({ id: sent, bytes }) => ({ id: sent, bytes }))).toEqual(
      kept?.filter((row) => [id(5), id(6)].includes(row.id)).map(({ id: was, bytes }) => ({ id: was, bytes })),
    );
    const res = batch.map((row, i) => ({ id: row.id, c: 'ok' as const, seq: 4 + i }));
    expect(await settle(outbox, turn, receipt(res), NOON, 0)).toMatchObject({ applied: true, left: 0 });
    expect(await outbox.save(saving(8))).toMatchObject({ ok: true, row: { n: 7, inc: INC } });
  });
});
