/**
 * A server in memory for tests: it answers what the API document says, remembers what it was asked, can be slow, out of reach or
 * unwilling, and lets a test poke the stream. Never part of what is built.
 */
import {
  deskApi,
  type Attention,
  type DeskApi,
  type FollowUp,
  type HistoryReply,
  type PeopleReply,
  type PlacesReply,
  type PushReply,
  type PushRequest,
} from '../../api/desk';
import type { SlipReply } from '../../api/slip';
import { figures, ME, problem } from './testkit';
import { entries } from './testkit-entries';
import { INVITED, people, slip } from './testkit-people';
import { attention } from './testkit-attention';
import { places } from './testkit-places';
import { CATALOG, history } from './testkit-history';

type Stream = { ears: Map<string, () => void>; closed: boolean };

export class FakeServer {
  /** What was asked, as `GET follow-up?year=1`. */
  readonly asked: string[] = [];
  /** What was written, a batch each, and how the events of the next batches fare. */
  readonly written: PushRequest[] = [];
  fares: PushReply['res'][number]['c'] = 'ok';
  readonly streams: Stream[] = [];
  signedIn = true;
  offline = false;
  figures: FollowUp = figures();
  history: HistoryReply = history();
  people: PeopleReply = people();
  attention: Attention = attention();
  slip: SlipReply = slip();
  places: PlacesReply = places();
  pages = 1;
  /** What a sign-in with this code, or a change at this path, is refused with: status and code of the problem. */
  refused: Record<string, [number, string]> = {};
  /** Answers wait here while it holds them back; calling one lets it go. */
  held: (() => void)[] | null = null;
  readonly api: DeskApi = deskApi(
    (path, init) => this.#answer(typeof path === 'string' ? path : '', init ?? {}),
    () => this.#stream(),
  );

  /** How often something was asked. */
  count(start: string): number {
    return this.asked.filter((a) => a.startsWith(start)).length;
  }

  /** Sends something on the newest stream: open, poke or error. */
  send(what: 'open' | 'poke' | 'error'): void {
    const stream = this.streams.at(-1);
    if (stream && !stream.closed) stream.ears.get(what)?.();
  }

  async #answer(path: string, init: RequestInit): Promise<Response> {
    const short = path.replace('/api/v1/', '');
    this.asked.push(`${init.method ?? 'GET'} ${short}`);
    if (this.offline) throw new TypeError('no network');
    const reply = this.#reply(new URL(path, 'http://desk.invalid'), init);
    if (this.held) await new Promise<void>((go) => this.held?.push(go));
    return reply;
  }

  #reply(url: URL, init: RequestInit): Response {
    const path = url.pathname.replace('/api/v1/', '');
    if (path === 'desk/session' && init.method === 'DELETE') {
      this.signedIn = false;
      return new Response(null, { status: 204 });
    }
    if (path === 'desk/session') return this.#signIn(JSON.parse(init.body as string) as { code: string });
    if (!this.signedIn) return json(problem(401, 'unsigned'), 401);
    if (path === 'me') return json(ME);
    if (path === 'follow-up') return json(this.figures);
    if (path === 'sync/push') return json(this.#take(JSON.parse(init.body as string) as PushRequest));
    if (path === 'attention') return json(this.attention);
    if (path.endsWith('/slip')) return json(this.slip);
    if (path === 'places') return json(this.places);
    if (path === 'people') return json(this.people);
    if (path === 'people/invitations') return json(INVITED);
    if (path.startsWith('people/') || path.startsWith('phones/')) return this.#settle(path);
    if (path === 'entries') return json(entries(url.searchParams, this.pages));
    if (path.startsWith('entities/')) return json(this.history);
    return path === 'catalog' ? json(CATALOG) : json(problem(404, 'not-found'), 404);
  }

  #signIn({ code }: { code: string }): Response {
    const no = this.refused[code];
    if (no) return json(problem(no[0], no[1]), no[0]);
    this.signedIn = true;
    return json(ME);
  }

  #take(batch: PushRequest): Pick<PushReply, 'res' | 'now'> {
    this.written.push(batch);
    return { now: batch.wall, res: batch.events.map(({ id }) => ({ id, c: this.fares })) };
  }

  #settle(path: string): Response {
    const no = this.refused[path];
    return no ? json(problem(no[0], no[1], 'Bjud in en till först.'), no[0]) : new Response(null, { status: 204 });
  }

  #stream(): EventSource {
    const stream: Stream = { ears: new Map(), closed: false };
    this.streams.push(stream);
    return {
      addEventListener: (what: string, ear: () => void) => stream.ears.set(what, ear),
      close: () => (stream.closed = true),
    } as unknown as EventSource;
  }
}

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
