/** The question what came from an installation, apart from those of sync: it is seldom asked. */
import type { ServerDay, ServerEvent } from '../domain/slip';
import { ask, believe, type Net, type Reply } from './http';
import type { components } from './schema.gen';

/** What the server says of some days; the events only when it was one. */
export type SlipReply = components['schemas']['Slip'];

/** Asks for the days from one to another, `2026-11-20`. */
export const askSlip = async (
  net: Net,
  token: string,
  inc: string,
  from: string,
  to: string,
): Promise<Reply<SlipReply>> =>
  believe(
    await ask<SlipReply>(net, { path: `/api/v1/phones/${inc}/slip?from=${from}&to=${to}`, token, timeout: 15_000 }),
    (r) => Array.isArray(r.days),
  );

/** The days as domain has them. */
export const daysOf = ({ days }: SlipReply): ServerDay[] =>
  days.map((d) => ({
    day: d.day,
    received: { n: d.received, sum: d.received_sum },
    counted: { n: d.counted, sum: d.counted_sum },
    missing: d.missing,
  }));

/** The events likewise. */
export const eventsOf = ({ events = [] }: SlipReply): ServerEvent[] =>
  events.map(({ id, e, n, why }) => ({ id, e, n, why: why ?? null }));
