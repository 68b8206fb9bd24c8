/** The question what happened to an entity, apart from those of sync: it is seldom asked. */
import type { PastEvent } from '../domain/log';
import { ask, believe, type Net, type Reply } from './http';

/** Every stored event of an entity that the caller may see, in order of arrival. */
export const askPast = async (net: Net, token: string, e: string): Promise<Reply<{ events: PastEvent[] }>> =>
  believe(
    await ask<{ events: PastEvent[] }>(net, { path: `/api/v1/entities/${e}/events`, token, timeout: 10_000 }),
    (r) => Array.isArray(r.events),
  );
