/**
 * A rescue file at the desk: who wrote what is in it, told without what they wrote, and handing it in. Each event is stored once, by
 * its id, however often and by whomever it is handed in.
 */
import type { Answer, DeskPerson, PushItem, PushResult } from '../../api/desk';
import { decode } from '../../domain/event';
import { order } from '../../domain/state';
import { type Carried, readRescue, type Rescued, type Unread } from '../../domain/rescue';
import type { Pen } from './pen';

/** The part of one writer, on one phone or several; `known` is among the town's people. Days are of when it was saved, ms. */
export type Part = {
  account: string;
  known: boolean;
  name: string;
  entries: number;
  events: number;
  first: number;
  last: number;
};

/** Reads a file for this town. */
export async function openRescue(text: string, town: string): Promise<Rescued | Unread | 'town'> {
  const found = await readRescue(text);
  return typeof found !== 'string' && found.town !== town ? 'town' : found;
}

/** Who wrote the events, in order of name; those of nobody that is known here come last. */
export function partsOf(events: readonly Carried[], people: readonly DeskPerson[]): Part[] {
  const by = new Map<string, Carried[]>();
  for (const event of events) {
    const account = writerOf(event);
    by.set(account, [...(by.get(account) ?? []), event]);
  }
  const parts = [...by].map(([account, own]): Part => {
    const saved = own.map(({ savedAt }) => savedAt);
    const person = people.find((p) => p.account === account);
    const who = { account, known: person !== undefined, name: person?.name ?? '' };
    const entries = new Set(own.map(({ e }) => e)).size;
    return { ...who, entries, events: own.length, first: Math.min(...saved), last: Math.max(...saved) };
  });
  return parts.sort((a, b) => Number(b.known) - Number(a.known) || order(a.name, b.name));
}

function writerOf({ bytes }: Carried): string {
  try {
    return decode(bytes).by;
  } catch {
    return ''; // the server refused it where it was written, and will again
  }
}

/** What came of handing a file in, in events. `fresh` are those that the server had not. */
export type HandedIn = { fresh: number; known: number; parked: number; erased: number; refused: number };

/** So many events travel in one request, and so much text, at most three bytes to a unit. */
const AT_ONCE = 50;
const UNITS = 250_000;

/** Hands events in, request by request; `progress` hears how many are answered. What was answered stays when a later request fails. */
export async function handIn(
  pen: Pick<Pen, 'carry'>,
  events: readonly Carried[],
  progress: (done: number) => void,
): Promise<Answer<HandedIn>> {
  const asked = await pen.carry([]);
  if (!asked.ok) return asked;
  const results: PushResult[] = [];
  for (const batch of batches(events)) {
    const reply = await pen.carry(batch.map(itemOf));
    if (!reply.ok) return reply;
    if (reply.value.res.some(({ c }) => c === 'later')) return { ok: false, trouble: { why: 'offline' } };
    results.push(...reply.value.res);
    progress(results.length);
  }
  return { ok: true, value: tell(results, asked.value.head.seq) };
}

function* batches(events: readonly Carried[]): Generator<readonly Carried[]> {
  let [batch, room]: [Carried[], number] = [[], UNITS];
  for (const event of events) {
    if (batch.length === AT_ONCE || (batch.length > 0 && event.bytes.length > room)) {
      yield batch;
      [batch, room] = [[], UNITS];
    }
    batch.push(event);
    room -= event.bytes.length;
  }
  if (batch.length > 0) yield batch;
}

const itemOf = ({ id, inc, n, seal, bytes, state }: Carried): PushItem => {
  return { id, inc, n, seal, ev: bytes, sig: null, again: state === 'ok' || state === 'parked' };
};

/** `before` is where the log stood: what has its place after that came now. */
function tell(results: readonly PushResult[], before: number): HandedIn {
  const count = (fits: (r: PushResult) => boolean) => results.filter(fits).length;
  const stands = ({ c }: PushResult) => c === 'ok' || c === 'parked';
  return {
    fresh: count((r) => stands(r) && (r.seq ?? 0) > before),
    known: count((r) => stands(r) && (r.seq ?? 0) <= before),
    parked: count(({ c }) => c === 'parked'),
    erased: count(({ c }) => c === 'erased'),
    refused: count(({ c }) => c === 'refused'),
  };
}
