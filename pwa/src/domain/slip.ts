/**
 * A slip: what was saved on a phone on a day, what the server received of it and what counts, each as a number and a sum over ids.
 * The phone and the desk make the same sums of the same ids, so that two people can read them to each other. The rules are in
 * docs/api/protocol.md, Slip, and docs/api/vectors/slip.
 */
import { millisOf, type Stamp } from './clock';
import { dayOfMillis } from './local';
import { type OwnEvent, type Row } from './row';
import { sumOf } from './sum';

/** A set of events as it is told. */
export type Side = { n: number; sum: string };
/** Numbers from one to another, both among them. */
export type Span = { from: number; to: number };

/** What the server says of a day of an installation. */
export type ServerDay = { day: string; received: Side; counted: Side; missing: readonly Span[] };
/** An event that the server has; `why` says why it is not counted by itself, null when it is. */
export type ServerEvent = { id: string; e: string; n: number; why: string | null };

/** A day of an installation, by both. What the server says is null when it could not be asked. */
export type SlipDay = { inc: string; day: string; created: Side; server: ServerDay | null };

/** An event that is not in all three sets, or that `why` says is counted with another. */
export type SlipLine = {
  id: string;
  e: string;
  n: number;
  /** Not received: it waits, was refused, or the phone was told that it came and the server has not got it. Received: not on this phone, or not counted. */
  what: 'waits' | 'refused' | 'lost' | 'elsewhere' | 'uncounted';
  why: string | null;
};

/** The sum of a set of ids: SHA-256 in hex of them in order, a newline after each. */
export const sumOfIds = async (ids: readonly string[]): Promise<string> =>
  sumOf(
    [...new Set(ids)]
      .sort()
      .map((id) => `${id}\n`)
      .join(''),
  );

/** The local day that an event was saved, by its own stamp. */
export const dayOfStamp = (hlc: Stamp): string => dayOfMillis(millisOf(hlc));

/** The same of an event on the phone; of one whose bytes are gone or cannot be read, by when it was saved. */
export const dayOfOwn = ({ row, event }: OwnEvent): string =>
  event ? dayOfStamp(event.hlc) : dayOfMillis(row.savedAt);

/** How a sum is read aloud: 3f9a 21c0. */
export const spoken = (sum: string): string => `${sum.slice(0, 4)} ${sum.slice(4, 8)}`;

/** Whether all that was saved was received, and nothing else; null when the server was not asked. */
export const agrees = ({ created, server }: SlipDay): boolean | null =>
  server && created.sum === server.received.sum && server.missing.length === 0;

/** How many numbers are in spans. */
export const countOf = (spans: readonly Span[]): number => spans.reduce((n, { from, to }) => n + to - from + 1, 0);

/** What is to say of the events of a day, in order of number: those of this phone and those of the server. */
export function linesOf(own: readonly Row[], there: readonly ServerEvent[]): SlipLine[] {
  const known = new Set(there.map(({ id }) => id));
  const here = new Set(own.map(({ id }) => id));
  const missing = own
    .filter(({ id }) => !known.has(id))
    .map(({ id, e, n, state, why }): SlipLine => {
      const what = state === 'refused' ? 'refused' : state === 'unsent' || state === 'sending' ? 'waits' : 'lost';
      return { id, e, n, what, why };
    });
  const told = there
    .filter(({ id, why }) => why !== null || !here.has(id))
    .map((one): SlipLine => ({ ...one, what: here.has(one.id) ? 'uncounted' : 'elsewhere' }));
  return [...missing, ...told].sort((a, b) => a.n - b.n);
}
