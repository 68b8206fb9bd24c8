/** The network of the simulated phones: requests are handed out, and answered when the other half says so. */
import type { Tab } from './tab';
import type { Asked } from './words';

type Waiting = { tab: Tab; answer: (response: Response) => void; fail: (error: unknown) => void };

/** An answer as the other half gives it. */
export type Answer = { status: number; type: string; retry: string; body: string };

export class Net {
  /** Requests that left since they were last collected, and those that were given up. */
  asked: Asked[] = [];
  gone: number[] = [];
  #waiting = new Map<number, Waiting>();
  #last = 0;

  ask(tab: Tab, url: string, init: RequestInit): Promise<Response> {
    const id = (this.#last += 1);
    const headers = init.headers as Record<string, string>;
    this.asked.push({
      id,
      phone: tab.phone.number,
      tab: tab.number,
      method: init.method ?? 'GET',
      path: url,
      token: (headers.Authorization ?? '').replace('Bearer ', ''),
      body: init.body ? new TextDecoder().decode(init.body as Uint8Array) : '',
      turn: tab.phone.turn(),
    });
    return new Promise((answer, fail) => {
      this.#waiting.set(id, { tab, answer, fail });
      init.signal?.addEventListener('abort', () => {
        if (!this.#waiting.delete(id)) return;
        this.gone.push(id);
        fail(new DOMException('stopped', 'AbortError'));
      });
    });
  }

  /** Gives a request its answer, when the one who asked is still there. */
  reply(id: number, answer: Answer): void {
    const waiting = this.#take(id);
    waiting?.tab.later(() => waiting.answer(responseOf(answer)));
  }

  /** The link broke. */
  lose(id: number): void {
    const waiting = this.#take(id);
    waiting?.tab.later(() => waiting.fail(new TypeError('Failed to fetch')));
  }

  /** Nobody is there to hear what a dead tab asked. */
  forget(tab: Tab): void {
    for (const [id, waiting] of this.#waiting) if (waiting.tab === tab) this.#waiting.delete(id);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

/** As much of a Response as `api` reads; a real one would read its body on threads of its own. */
function responseOf({ status, type, retry, body }: Answer): Response {
  const headers: Record<string, string> = { 'content-type': type, 'retry-after': retry };
  const get = (name: string): string | null => headers[name.toLowerCase()] || null;
  const json = async () => JSON.parse(body) as unknown;
  return { ok: status >= 200 && status < 300, status, headers: { get }, json } as unknown as Response;
}
