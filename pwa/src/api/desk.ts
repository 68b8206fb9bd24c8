/**
 * What the desk asks of the server, with the types of docs/api/openapi.yaml. A failure that a person will meet is a value and
 * says which it is: there was no network, the session is over, or the server said something with a sentence for people.
 *
 * The cookie travels by itself, since every address here is on our own origin.
 */
import type { components } from './schema.gen';
import type { SlipReply } from './slip';

type Schemas = components['schemas'];
export type FollowUp = Schemas['FollowUp'];
export type MeasureFigures = Schemas['MeasureFigures'];
export type Year = Schemas['Year'];
export type Party = Schemas['Party'];
export type EntriesReply = Schemas['EntriesReply'];
export type DeskEntry = Schemas['Entry'];
export type HistoryReply = Schemas['HistoryReply'];
export type HistoryEvent = Schemas['HistoryEvent'];
export type Me = Schemas['Me'];
export type Attention = Schemas['Attention'];
export type AttentionItem = Schemas['AttentionItem'];
export type Decision = Schemas['Decision'];
export type PeopleReply = Schemas['PeopleReply'];
export type DeskPerson = Schemas['Person'];
export type DeskPhone = Schemas['Phone'];
export type Role = Schemas['Role'];
export type NewInvitation = Schemas['InvitationRequest'];
export type Invited = Schemas['InvitationReply'];
export type PersonChange = Schemas['PersonRequest'];
export type PlacesReply = Schemas['PlacesReply'];
export type PushRequest = Schemas['PushRequest'];
export type PushItem = Schemas['PushItem'];
export type PushReply = Schemas['PushReply'];
export type PushResult = Schemas['PushResult'];
type Problem = Schemas['Problem'];
export type CatalogReply = Schemas['CatalogReply'];

/** Why there is no answer. `code` is the last part of the problem's type; `wait` is in seconds. */
export type Trouble =
  | { why: 'offline' }
  | { why: 'signedOut' }
  | { why: 'problem'; code: string; status: number; sv: string; en: string; wait: number };
export type Answer<T> = { ok: true; value: T } | { ok: false; trouble: Trouble };

/** What the entries are filtered by; see `entries` in the API document. */
export type EntriesQuery = {
  measure?: string;
  kind?: string;
  year?: number;
  month?: string;
  party?: string;
  place?: string;
  counted?: boolean;
  after?: string;
  limit?: number;
};

/** What is told about the stream. `open` also after a break, when something may have been missed. */
export type Ears = { open: () => void; poke: () => void; broken: () => void };

export interface DeskApi {
  signIn(code: string): Promise<Answer<Me>>;
  signOut(): Promise<Answer<null>>;
  me(): Promise<Answer<Me>>;
  followUp(year?: number): Promise<Answer<FollowUp>>;
  entries(query: EntriesQuery): Promise<Answer<EntriesReply>>;
  history(e: string): Promise<Answer<HistoryReply>>;
  /** The catalogue of kinds. */
  catalog(): Promise<Answer<CatalogReply>>;
  /** Sends what was written; see `Pen`, which alone may call it. */
  push(batch: PushRequest): Promise<Answer<PushReply>>;
  /** What needs a look; with `list` false only how much. */
  attention(list: boolean): Promise<Answer<Attention>>;
  places(): Promise<Answer<PlacesReply>>;
  people(): Promise<Answer<PeopleReply>>;
  /** What came from an installation, the last fourteen days, or one day with its events. */
  slip(inc: string, day?: string): Promise<Answer<SlipReply>>;
  /** Makes a link that lets one in; it cannot be asked for again. */
  invite(who: NewInvitation): Promise<Answer<Invited>>;
  changePerson(account: string, to: PersonChange): Promise<Answer<null>>;
  /** Shuts a person or a phone out, or lets it in again. */
  shut(what: 'people' | 'phones', id: string, yes: boolean): Promise<Answer<null>>;
  /** Listens to the stream until the way to stop is called. A stream that the server refused is not tried again. */
  listen(ears: Ears): () => void;
}

/** How long an answer may take before it counts as no network. */
const PATIENCE = 15_000;

/** The real one, or one with another network under it. */
export function deskApi(
  ask: typeof fetch = (...given) => fetch(...given),
  stream: (url: string) => EventSource = (url) => new EventSource(url),
): DeskApi {
  const call = async <T>(path: string, init: RequestInit = {}): Promise<Answer<T>> => {
    let reply: Response;
    try {
      const headers = {
        Accept: 'application/json, application/problem+json',
        ...(init.body ? { 'Content-Type': 'application/json' } : {}),
      };
      reply = await ask(`/api/v1/${path}`, {
        ...init,
        headers,
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (reply.status === 204) return { ok: true, value: null as T };
      if (reply.ok) return { ok: true, value: (await reply.json()) as T };
    } catch {
      return { ok: false, trouble: { why: 'offline' } }; // no network, no patience left, or half an answer
    }
    return { ok: false, trouble: await troubleOf(reply) };
  };
  return {
    signIn: (code) => call('desk/session', { method: 'POST', body: JSON.stringify({ code }) }),
    signOut: () => call('desk/session', { method: 'DELETE' }),
    me: () => call('me'),
    followUp: (year) => call(`follow-up${queryOf({ year })}`),
    entries: (query) => call(`entries${queryOf(query)}`),
    history: (e) => call(`entities/${encodeURIComponent(e)}/events`),
    catalog: () => call('catalog'),
    push: (batch) => call('sync/push', { method: 'POST', body: JSON.stringify(batch) }),
    attention: (list) => call(`attention${queryOf({ list: list ? undefined : false })}`),
    places: () => call('places'),
    people: () => call('people'),
    slip: (inc, day) => call(`phones/${encodeURIComponent(inc)}/slip${queryOf({ from: day, to: day })}`),
    invite: (who) => call('people/invitations', { method: 'POST', body: JSON.stringify(who) }),
    changePerson: (account, to) =>
      call(`people/${encodeURIComponent(account)}`, { method: 'PATCH', body: JSON.stringify(to) }),
    shut: (what, id, yes) =>
      call(`${what}/${encodeURIComponent(id)}/${yes ? 'revoke' : 'restore'}`, { method: 'POST' }),
    listen: (ears) => {
      const source = stream('/api/v1/live');
      source.addEventListener('open', ears.open);
      source.addEventListener('poke', ears.poke);
      source.addEventListener('error', ears.broken);
      return () => source.close();
    },
  };
}

function queryOf(of: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(of).flatMap(([name, v]) => (v === undefined ? [] : [[name, String(v)]]));
  return given.length ? `?${new URLSearchParams(given).toString()}` : '';
}

async function troubleOf(reply: Response): Promise<Trouble> {
  const doc = (await reply.json().catch(() => ({}))) as Partial<Problem>;
  const code = doc.type?.split('/').at(-1) ?? '';
  if (reply.status === 401) return { why: 'signedOut' };
  const wait = Number(reply.headers.get('Retry-After') ?? 0) || 0;
  return { why: 'problem', code, status: reply.status, sv: doc.sv ?? '', en: doc.en ?? '', wait };
}
