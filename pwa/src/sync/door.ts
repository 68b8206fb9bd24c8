/**
 * The ways in and out: connecting, letting one of several persons in, and taking one off. Fetched when it is asked for; who is alone
 * and has no code never needs it at start.
 */
import { signOut } from '../api/codes';
import type { Net } from '../api/http';
import type { Door, EnrolResult, EnterResult, PersonsHere, Seat, Snapshot } from '../domain/app';
import { isPending, readRow } from '../domain/row';
import { Outbox } from '../journal/outbox';
import { isSame, type Phone } from '../journal/phone';
import { admit, attempt, draw, FREE_TRIES, forget, keepLock, leave, leaving, left, seated } from '../journal/seats';
export { keepChoice } from '../journal/seats';
import { connect, look, type Newcomer } from './connect';
import { lockOf, opens } from './lock';
import type { Session } from './session';
import type { Surroundings } from './surroundings';

/** How long connecting waits for kinds and places before it lets the person in without. */
const FIRST_PULL = 20_000;

/** What the door needs of the app: who is in, and the way to let another take their place, here and in the other tabs. */
export type House = {
  world: Surroundings;
  phone: Phone;
  inside: () => Session | null;
  turnTo: (seat: Seat | null) => Promise<void>;
  subscribe: (fn: (s: Snapshot) => void) => () => void;
};

/** The door of an app. */
export function doorOf(house: House): Door {
  const { world, phone, turnTo } = house;
  const seat = () => house.inside()?.seat ?? null;
  return {
    lookAtCode: (code) => look(world, code),
    enrol: (code, name, party, pin) => enrol(house, { code, name, party, pin, open: seat() }),
    persons: () => personsHere(phone, seat()),
    async enter(at, pin) {
      const result = await enter(phone, at, pin, world.now());
      if (result.ok) await turnTo({ town: at.town, account: at.account });
      return result;
    },
    async shut() {
      await draw(phone);
      await turnTo(null);
    },
    changeCode: (before, pin) => changeCode(phone, within(house).seat, before, pin, world.now()),
    async signOut() {
      const session = within(house);
      await leave(phone, { ...session.seat, token: session.person.token });
      await turnTo(null);
    },
  };
}

function within(house: House): Session {
  const session = house.inside();
  if (!session) throw new Error('nobody is in');
  return session;
}

async function enrol(house: House, newcomer: Newcomer): Promise<EnrolResult> {
  const [result, seat] = await connect(house.world, house.phone, newcomer);
  if (!seat) return result;
  await house.turnTo(seat);
  await rested(house);
  return result;
}

/** Resolves when the engine rests, waits or wants a sign-in; after a while in any case. */
async function rested({ world, inside, subscribe }: House): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = world.after(FIRST_PULL, () => resolve());
    let stop: (() => void) | null = null;
    let over = false;
    const look = () => {
      if (inside()?.resting() === false) return;
      over = true;
      stop?.();
      cancel();
      resolve();
    };
    stop = subscribe(look); // which looks at once
    if (over) stop();
  });
}

/** Everyone on the phone, the one who was connected first first, and how many entries wait that `open` did not write. */
async function personsHere(phone: Phone, open: Seat | null): Promise<PersonsHere> {
  const { seats, towns } = await seated(phone);
  const persons = await Promise.all(
    seats.map(async ({ code, ...seat }) => {
      const person = await withOutbox(seat.town, (outbox) => outbox.person(seat.account));
      return person ? [{ ...seat, code, open: isSame(seat, open), name: person.name, townName: person.town.name }] : [];
    }),
  );
  const waiting = await Promise.all(towns.map((town) => waitingIn(town, open)));
  const all = persons.flat().sort((a, b) => (a.account < b.account ? -1 : 1));
  return { persons: all, waiting: waiting.reduce((sum, n) => sum + n, 0) };
}

/** Entries of a town that are not sent and that somebody else wrote. */
async function waitingIn(town: string, open: Seat | null): Promise<number> {
  const rows = (await withOutbox(town, (outbox) => outbox.rows())).filter(isPending);
  const others = rows.filter((row) => !isSame({ town, account: readRow(row).event?.by ?? '' }, open));
  return new Set(others.map(({ e }) => e)).size;
}

async function withOutbox<T>(town: string, fn: (outbox: Outbox) => Promise<T>): Promise<T> {
  const outbox = new Outbox(town);
  return fn(outbox).finally(() => outbox.db.close());
}

/** Lets a person in who knows the code. */
async function enter(phone: Phone, seat: Seat, code: string, now: number): Promise<EnterResult> {
  const begun = await attempt(phone, seat, now);
  if (!begun) return { ok: false, reason: 'none' };
  if (begun.wait > 0) return { ok: false, reason: 'wait', until: begun.wait };
  if (await opens(begun.lock, code)) return (await admit(phone, seat)) ? { ok: true } : { ok: false, reason: 'none' };
  const { tries, until } = begun.lock;
  return until > now ? { ok: false, reason: 'wait', until } : { ok: false, reason: 'wrong', left: FREE_TRIES - tries };
}

/** Sets, changes or takes away the code of the one who is in; who has one shows it first. */
async function changeCode(
  phone: Phone,
  seat: Seat,
  before: string,
  code: string | null,
  now: number,
): Promise<EnterResult> {
  const { seats } = await seated(phone);
  const had = seats.some((s) => s.code && isSame(s, seat));
  if (had) {
    const shown = await enter(phone, seat, before, now);
    if (!shown.ok) return shown;
  }
  if (code === null && seats.length > 1) return { ok: false, reason: 'shared' };
  await keepLock(phone, seat, code === null ? null : await lockOf(code));
  return { ok: true };
}

/**
 * Ends the leaving of those who signed out: what only they may see is cleared, and the server is told. Whoever cannot be told is kept
 * for the next time, as all are while another tab is at it. Gives whether all are gone.
 */
export const farewell = async (world: Surroundings, phone: Phone): Promise<boolean> =>
  world.lead('farewell', () => sayFarewell(world, phone));

async function sayFarewell(net: Net, phone: Phone): Promise<boolean> {
  for (const one of await leaving(phone)) {
    await forget(one);
    const reply = await signOut(net, one.token);
    const known = reply.ok || (reply.problem && [401, 403].includes(reply.status)); // shut out already
    if (known) await left(phone, one.token);
  }
  return (await leaving(phone)).length === 0;
}
