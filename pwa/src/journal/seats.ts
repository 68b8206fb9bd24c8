/**
 * Who sits on the phone and with what lock: everything that changes it, each in one strict transaction. A lock is a curtain between
 * colleagues and not a safe: what it hides lies in the same storage.
 */
import type { Choices, Seat } from '../domain/app';
import { Cache } from './cache';
import type { Write } from './handle';
import { Outbox } from './outbox';
import {
  type Enrolling,
  isSame,
  type Leaving,
  type Lock,
  nameOf,
  type Phone,
  type PhoneSchema,
  type PhoneSmall,
} from './phone';
import type { Person } from './schema';

type Store = ReturnType<Write<PhoneSchema, 'small'>['objectStore']>;
type Kept = Pick<PhoneSmall, 'seats' | 'locks' | 'leaving' | 'towns' | 'choices' | 'turns'>;
const EMPTY: Kept = { seats: [], locks: {}, leaving: [], towns: [], choices: {}, turns: 0 };

/** So many attempts are free; then each that is not the code doubles the wait. */
export const FREE_TRIES = 5;
const FIRST_WAIT = 30_000;
const LAST_WAIT = 3_600_000;
/** How long the next attempt waits after so many, ms. */
export const waitAfter = (tries: number): number =>
  tries < FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** (tries - FREE_TRIES), LAST_WAIT);

async function get<K extends keyof Kept>(small: Store, key: K): Promise<Kept[K]> {
  return ((await small.get(key)) as Kept[K] | undefined) ?? EMPTY[key];
}

const write = async <T>(phone: Phone, fn: (small: Store) => Promise<T>): Promise<T> =>
  phone.db.write(['small'], (tx) => fn(tx.objectStore('small')));

/** Everyone who is connected here, with whether a code lets them in, and every town that may have something to send. */
export async function seated(phone: Phone): Promise<{ seats: (Seat & { code: boolean })[]; towns: string[] }> {
  return phone.db.run(async (db) => {
    const small = db.transaction('small', 'readonly').store as unknown as Store;
    const [seats, locks, towns] = await Promise.all([get(small, 'seats'), get(small, 'locks'), get(small, 'towns')]);
    const all = new Set([...towns, ...seats.map(({ town }) => town)]);
    return { seats: seats.map((seat) => ({ ...seat, code: nameOf(seat) in locks })), towns: [...all] };
  });
}

/**
 * Seats a person who was connected, and ends the connecting. `lock` stands before the seat from now on: undefined leaves what stood
 * there, null takes it away. `before` is the token that the person had here.
 */
export async function sit(phone: Phone, seat: Seat, lock?: Lock | null, before?: string): Promise<void> {
  await write(phone, async (small) => {
    const [seats, towns] = await Promise.all([get(small, 'seats'), get(small, 'towns')]);
    if (lock !== undefined) await putLock(small, seat, lock);
    if (before !== undefined)
      await small.put([...(await get(small, 'leaving')), { ...seat, token: before }], 'leaving');
    await Promise.all([
      small.put(seat, 'current'),
      small.put([...seats.filter((s) => !isSame(s, seat)), seat], 'seats'),
      small.put([...new Set([...towns, seat.town])], 'towns'),
      small.delete('enrolling'),
      turn(small),
    ]);
  });
}

const turn = async (small: Store): Promise<unknown> => small.put((await get(small, 'turns')) + 1, 'turns');

/** Draws the curtain, for every tab: whoever is in has to show their code again, where there is one. */
export const draw = async (phone: Phone): Promise<unknown> => write(phone, turn);

async function putLock(small: Store, seat: Seat, lock: Lock | null): Promise<void> {
  const { [nameOf(seat)]: _, ...others } = await get(small, 'locks');
  await small.put(lock ? { ...others, [nameOf(seat)]: lock } : others, 'locks');
}

/** Puts a lock before a seat, or takes it away. */
export const keepLock = async (phone: Phone, seat: Seat, lock: Lock | null): Promise<void> =>
  write(phone, (small) => putLock(small, seat, lock));

/**
 * Begins an attempt at a lock: it is counted before it is judged, so that a kill in between gains nothing. Without a lock, null; with
 * `wait` set it is too early, and nothing was counted. A clock that was turned back waits no longer than the lock asks for.
 */
export async function attempt(phone: Phone, seat: Seat, now: number): Promise<{ lock: Lock; wait: number } | null> {
  return write(phone, async (small) => {
    const lock = (await get(small, 'locks'))[nameOf(seat)];
    if (!lock) return null;
    const until = Math.min(lock.until, now + waitAfter(lock.tries));
    if (until > now) {
      if (until !== lock.until) await putLock(small, seat, { ...lock, until });
      return { lock, wait: until };
    }
    const tries = lock.tries + 1;
    const counted = { ...lock, tries, until: now + waitAfter(tries) };
    await putLock(small, seat, counted);
    return { lock: counted, wait: 0 };
  });
}

/** Lets a person in who showed the code: the attempts are forgotten. False when they are not on the phone any more. */
export async function admit(phone: Phone, seat: Seat): Promise<boolean> {
  return write(phone, async (small) => {
    if (!(await get(small, 'seats')).some((s) => isSame(s, seat))) return false;
    const lock = (await get(small, 'locks'))[nameOf(seat)];
    if (lock) await putLock(small, seat, { ...lock, tries: 0, until: 0 });
    await Promise.all([small.put(seat, 'current'), turn(small)]);
    return true;
  });
}

/** Takes a person off the phone. What they wrote stays in the outbox; the token is kept until the server was told. */
export async function leave(phone: Phone, leaving: Leaving): Promise<void> {
  await write(phone, async (small) => {
    const { token: _, ...seat } = leaving;
    const seats = await get(small, 'seats');
    await putLock(small, seat, null);
    await small.put(
      seats.filter((s) => !isSame(s, seat)),
      'seats',
    );
    await small.put([...(await get(small, 'leaving')), leaving], 'leaving');
    if (isSame((await small.get('current')) as Seat | undefined, seat)) await small.delete('current');
    await turn(small);
  });
}

/** Those whose leaving is not done. */
export const leaving = async (phone: Phone): Promise<Leaving[]> =>
  ((await phone.db.run((db) => db.get('small', 'leaving'))) as Leaving[] | undefined) ?? [];

/** The server was told, and nothing is left to clear. */
export async function left(phone: Phone, token: string): Promise<void> {
  await write(phone, async (small) => {
    const others = (await get(small, 'leaving')).filter((one) => one.token !== token);
    await small.put(others, 'leaving');
  });
}

/** The connecting of this code: the one that was begun, or what `make` gives, kept before it is returned. */
export async function enrolling(phone: Phone, code: string, make: () => Omit<Enrolling, 'code'>): Promise<Enrolling> {
  return write(phone, async (small) => {
    const begun = (await small.get('enrolling')) as Enrolling | undefined;
    if (begun?.code === code) return begun;
    const fresh = { code, ...make() };
    await small.put(fresh, 'enrolling');
    return fresh;
  });
}

/** Keeps a choice so that it survives a kill at once. */
export async function keepChoice(phone: Phone, what: string, value: string | null): Promise<void> {
  await write(phone, async (small) => {
    const kept: Choices = { ...(await get(small, 'choices')), [what]: value };
    await small.put(kept, 'choices');
  });
}

/**
 * Forgets who somebody was who signed out, and empties their cache; not one who has another token, having come back meanwhile. What
 * they wrote, their drafts and the numbers of their events stay.
 */
export async function forget({ town, account, token }: Leaving): Promise<void> {
  const outbox = new Outbox(town);
  const gone = await outbox.db.write(['small'], async (tx) => {
    const small = tx.objectStore('small');
    const person = (await small.get(`person:${account}`)) as Person | undefined;
    if (person && person.token !== token) return false;
    await Promise.all([small.delete(`person:${account}`), small.delete(`book:${account}`)]);
    return true;
  });
  await outbox.db.close();
  if (!gone) return;
  const cache = new Cache(town, account);
  await cache.clear(null);
  await cache.db.close();
  indexedDB.deleteDatabase(cache.db.name); // it is empty; that its name goes too may wait for another tab
}
