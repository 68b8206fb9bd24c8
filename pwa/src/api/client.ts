/** The questions of sync, typed from docs/api/openapi.yaml. What they answer fits the nouns of domain, or this does not compile. */
import type { LogHead, Page, Receipt } from '../domain/log';
import { ask, believe, type Net, type Reply } from './http';
import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type PushRequest = Schemas['PushRequest'];
export type DigestReply = Schemas['DigestReply'];

/** The document's types are readonly to the bottom; the nouns of domain are not. */
type Loose<T> = T extends readonly (infer U)[]
  ? Loose<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Loose<T[K]> }
    : T;

const QUICK = 15_000;
const LONG = 45_000;

/** `token` is asked for at the moment of sending, so that a new one is used at once. */
export function client(net: Net, token: () => string | null) {
  const get = <T>(path: string, timeout = LONG) => ask<T>(net, { path: `/api/v1/${path}`, token: token(), timeout });
  return {
    async push(body: PushRequest): Promise<Reply<Receipt>> {
      const reply = await ask<Loose<Schemas['PushReply']>>(net, {
        path: '/api/v1/sync/push',
        body,
        token: token(),
        timeout: LONG,
      });
      return believe(
        reply,
        (r) => Array.isArray(r.res) && typeof r.head?.chain === 'string' && typeof r.reoffer === 'boolean',
      );
    },
    async changes(cur: string, head: LogHead | null): Promise<Reply<Page>> {
      const query = new URLSearchParams({ cur, head: head ? `${head.epoch}:${head.seq}:${head.chain}` : '' });
      const reply = await get<Loose<Schemas['ChangesReply']>>(`sync/changes?${query}`);
      return believe(
        reply,
        (r) => Array.isArray(r.ents) && typeof r.next === 'string' && typeof r.head?.epoch === 'string',
      );
    },
    digest: async (): Promise<Reply<DigestReply>> =>
      believe(
        await get<DigestReply>('sync/digest', QUICK),
        (r) => typeof r.xor === 'string' && typeof r.head?.epoch === 'string',
      ),
  };
}

export type Client = ReturnType<typeof client>;
