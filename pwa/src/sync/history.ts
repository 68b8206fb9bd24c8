/** What happened to an entry, from the events that are known of it. */
import type { Net } from '../api/http';
import { askPast } from '../api/past';
import type { HistoryLine } from '../domain/app';
import { canon } from '../domain/canon';
import { millisOf } from '../domain/clock';
import type { Value } from '../domain/event';
import type { PastEvent } from '../domain/log';
import type { OwnEvent } from '../domain/row';

/** An event of the history, from the phone or from the server. */
type Past = {
  id: string;
  at: number;
  by: string;
  set: Record<string, Value>;
  received: number | null;
  why: string | null;
  erased: boolean;
};

/** Asks the server, and tells what the phone knows when there is no answer. */
export async function askHistory(
  net: Net,
  { token, account }: { token: string; account: string },
  e: string,
  own: readonly OwnEvent[],
): Promise<HistoryLine[]> {
  const reply = await askPast(net, token, e);
  return historyOf(e, own, reply.ok ? reply.body.events : [], account);
}

/** The lines, newest first. The server's events come in order of arrival; the phone's own that it lacks come after. */
export function historyOf(
  e: string,
  own: readonly OwnEvent[],
  server: readonly PastEvent[],
  account: string,
): HistoryLine[] {
  const known = new Set(server.map(({ id }) => id));
  const past = [...server.flatMap(fromServer), ...own.filter(({ row }) => !known.has(row.id)).flatMap(fromPhone)];
  const values: Record<string, Value> = {};
  const lines = past.flatMap((event) => linesOf(e, event, values, account));
  return lines
    .map((line, i) => ({ line, i }))
    .sort((a, b) => b.line.at - a.line.at || b.i - a.i)
    .map(({ line }) => line);
}

function fromServer({ id, by, ev, received, standing, why }: PastEvent): Past[] {
  const at = typeof ev?.hlc === 'string' ? millisOf(ev.hlc) : received;
  const parked = standing === 'parked' ? (why ?? 'waiting') : null;
  return [{ id, at, by, set: ev?.set ?? {}, received, why: parked, erased: standing === 'erased' }];
}

function fromPhone({ row, event }: OwnEvent): Past[] {
  if (!event) return [];
  const why = row.state === 'parked' || row.state === 'refused' ? row.why : null;
  return [{ id: row.id, at: row.savedAt, by: event.by, set: event.set, received: null, why, erased: false }];
}

function linesOf(e: string, past: Past, values: Record<string, Value>, account: string): HistoryLine[] {
  const mine = past.by === account;
  if (past.erased) return [{ at: past.at, what: 'erased', changes: [], mine }];
  const changes = Object.entries(past.set).map(([f, to]) => ({ f, from: values[f] ?? null, to }));
  Object.assign(values, past.set);
  const retracted = (past.set.retracted ?? null) !== null;
  const what = past.id === e ? 'saved' : retracted ? 'retracted' : 'corrected';
  const lines: HistoryLine[] = [
    { at: past.at, what, changes: changes.filter(({ from, to }) => !same(from, to)), mine },
  ];
  const after = { at: past.received ?? past.at, changes: [], mine };
  if (past.why !== null) lines.push({ ...after, what: 'flagged', why: past.why });
  else if (past.received !== null && past.id === e) lines.push({ ...after, what: 'received' });
  return lines;
}

const same = (a: Value, b: Value): boolean => canon(a) === canon(b);
