/** A phone that has been used for long: thousands of own entries, received and fetched as states, by its own sending. */
import { encode, type Value } from '../../src/domain/event';
import { newId } from '../../src/domain/id';
import type { components } from '../../src/api/schema.gen';
import { expect } from '../house';
import type { Phone } from '../phone';

type Schemas = components['schemas'];
type Person = { account: string; inc: string; token: string; town: { id: string } };
type Found = { person: Person; next: number; place: string };
type OwnRow = ReturnType<typeof rowOf>;
const BATCH = 500;
const DAY = 86_400_000;

/** Gives the phone `count` patrols of past years that were written on it and received, and waits until it has fetched them. */
export async function fill(phone: Phone, count: number): Promise<void> {
  const { person, next, place } = (await phone.page.evaluate(readPerson)) as Found;
  const now = Date.now();
  const rows = Array.from({ length: count }, (_, i) => rowOf(person, next + i, place, now - DAY - i * 6_000_000));
  for (let i = 0; i < count; i += BATCH) await push(phone.origin, person, rows.slice(i, i + BATCH), i);
  await phone.page.evaluate(writeRows, { town: person.town.id, inc: person.inc, rows });
  await phone.page.reload();
  await expect
    .poll(() => phone.page.evaluate(countCached, person.town.id), { timeout: 120_000 })
    .toBeGreaterThan(count);
}

/** Sends rows as the phone would have, and writes into them what the server answered. */
async function push(origin: string, person: Person, rows: OwnRow[], turn: number): Promise<void> {
  const body: Schemas['PushRequest'] = {
    p: 1,
    town: person.town.id,
    inc: person.inc,
    turn,
    head: null,
    wall: Date.now(),
    pending: rows.length,
    oldest: null,
    persisted: true,
    app: 'bench',
    events: rows.map(({ id, inc, n, bytes }) => ({ id, inc, n, seal: 'none', ev: bytes, sig: null, again: false })),
  };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${person.token}` };
  const reply = await fetch(`${origin}/api/v1/sync/push`, { method: 'POST', headers, body: JSON.stringify(body) });
  const { res, now } = (await reply.json()) as Schemas['PushReply'];
  res.forEach(({ c, seq }, i) => Object.assign(rows[i] ?? {}, { state: c, seq, answered: now }));
}

function rowOf({ account, inc, town }: Person, n: number, place: Value, at: number) {
  const id = newId(at);
  const hlc = `${at.toString(16).padStart(12, '0')}-0000` as never;
  const set = {
    started_at: `${new Date(at).toISOString().slice(0, 16)}+00:00`,
    minutes: 30,
    place,
    parties: ['police'],
  };
  const born = { t: 'activity', kind: 'foot_patrol', parent: null };
  const bytes = encode({
    base: {},
    by: account,
    cat: 1,
    e: id,
    hlc,
    id,
    inc,
    n,
    new: born,
    off: null,
    set,
    town: town.id,
    v: 1,
  });
  const fresh = { state: 'unsent', seq: null, why: null, again: false, answered: null, tries: 0, error: null };
  return { id, e: id, inc, n, bytes, seal: 'none', ...fresh, savedAt: at };
}

// What follows runs in the page, and knows the databases by what docs and schema.ts say of them.

async function readPerson(): Promise<{ person: unknown; next: number; place: string }> {
  const ask = <T>(r: IDBRequest<T>) =>
    new Promise<T>(
      (yes, no) => ((r.onsuccess = () => yes(r.result)), (r.onerror = () => no(r.error ?? new Error('no reason')))),
    );
  const named = (start: string) => async () =>
    (await indexedDB.databases()).find(({ name }) => name?.startsWith(start))?.name ?? '';
  const outbox = await ask(indexedDB.open(await named('outbox-')()));
  const small = outbox.transaction('small').objectStore('small');
  const [person] = (await ask(small.getAll(IDBKeyRange.bound('person:', 'person;')))) as { inc: string }[];
  const next = (await ask(small.get(`n:${person?.inc}`))) as number;
  outbox.close();
  const cache = await ask(indexedDB.open(await named('cache-')()));
  const all = (await ask(cache.transaction('entities').objectStore('entities').getAll())) as {
    e: string;
    st: { t: string };
  }[];
  cache.close();
  return { person, next, place: all.find(({ st }) => st?.t === 'place')?.e ?? '' };
}

async function writeRows({ town, inc, rows }: { town: string; inc: string; rows: { n: number }[] }): Promise<void> {
  const db = await new Promise<IDBDatabase>((yes) => {
    const opening = indexedDB.open(`outbox-${town}`);
    opening.onsuccess = () => yes(opening.result);
  });
  const tx = db.transaction(['events', 'small'], 'readwrite');
  for (const row of rows) tx.objectStore('events').add(row);
  tx.objectStore('small').put((rows.at(-1)?.n ?? 0) + 1, `n:${inc}`);
  await new Promise((done, no) => ((tx.oncomplete = done), (tx.onabort = () => no(new Error('not written')))));
  db.close();
}

async function countCached(town: string): Promise<number> {
  const name =
    (await indexedDB.databases()).find((d) => d.name?.startsWith(`cache-`) && d.name.includes(town))?.name ?? '';
  return new Promise((yes) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => {
      const count = opening.result.transaction('entities').objectStore('entities').count();
      count.onsuccess = () => (opening.result.close(), yes(count.result));
    };
  });
}
