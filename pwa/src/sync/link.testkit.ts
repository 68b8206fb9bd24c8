/**
 * A road of so many bits a second that breaks: each byte of a request and of its answer takes its time, and what is not across when
 * the road breaks is lost. Nothing tells the phone when it is back.
 */
import type { Net } from '../api/http';
import type { PushBody } from './server.testkit';
import type { World } from './world.testkit';

type Fetch = Net['fetch'];

/** What HTTP/1.1 and TLS put around a request or an answer, about; and one way through a mobile network. */
const AROUND = 400;
const LATENCY = 80;

export class Link {
  /** Bytes that left the phone. */
  bytes = 0;
  /** Per push, the ids that it carried, and whether its answer came all the way. */
  pushes: { ids: string[]; answered: boolean }[] = [];
  #broken = 0;

  /** Up for `up` ms, then gone for `gone` ms, and so on. Of the requests that a break meets, each `hang`th is not told of it; 0: all are. */
  constructor(
    private readonly world: World,
    private readonly server: Fetch,
    private readonly road: { bps: number; up: number; gone: number; hang: number },
  ) {}

  fetch: Fetch = async (url, init) => {
    if (this.#left() <= 0) throw new TypeError('Failed to fetch');
    const body = init.body ? await gzipped(init) : null;
    const push = { ids: body?.events.map(({ id }) => id) ?? [], answered: false };
    if (url.endsWith('/push')) this.pushes.push(push);
    const size = init.body ? (init.body as ArrayBuffer).byteLength : 0;
    this.bytes += size + AROUND;
    await this.#across(size, init.signal ?? null);
    const answer = await this.server(url, init);
    const text = await answer.text();
    await this.#across(await zip(text), init.signal ?? null);
    push.answered = true;
    return new Response(text, { status: answer.status, headers: answer.headers });
  };

  /** ms until the road breaks; 0 or less while it is gone. */
  #left(): number {
    const { up, gone } = this.road;
    return up - (this.world.now % (up + gone));
  }

  async #across(bytes: number, signal: AbortSignal | null): Promise<void> {
    const ms = LATENCY + Math.ceil(((bytes + AROUND) * 8000) / this.road.bps);
    if (this.#left() > ms) return this.#until(ms);
    await this.#until(Math.max(0, this.#left()));
    this.#broken += 1;
    if (this.#broken % this.road.hang === 0) await this.#given(signal);
    throw new TypeError('network error');
  }

  async #until(ms: number): Promise<void> {
    this.world.held += 1;
    await new Promise<void>((resolve) => this.world.timers.push({ at: this.world.now + ms, fn: resolve }));
    this.world.held -= 1;
  }

  /** Until the phone gives up. */
  async #given(signal: AbortSignal | null): Promise<void> {
    this.world.held += 1;
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    this.world.held -= 1;
  }
}

async function gzipped(init: RequestInit): Promise<PushBody> {
  const packed = new Headers(init.headers).get('Content-Encoding') === 'gzip';
  const raw = new Response(init.body ?? null).body;
  const plain = packed ? raw?.pipeThrough(new DecompressionStream('gzip')) : raw;
  return (await new Response(plain ?? null).json()) as PushBody;
}

async function zip(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
