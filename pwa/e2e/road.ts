/**
 * The road between phones and the server, with weather on it: a proxy that can lose replies after the server has answered,
 * be closed, or be the sign-in page of a train. What a phone meets is met by its service worker too.
 */
import { once } from 'node:events';
import http from 'node:http';
import { freePort } from './server';

/**
 * `portal` answers with a page of its own, `sent-on` sends to one, `mistyped` answers with something that is no JSON, and
 * `secret` speaks as one whose certificate is not believed: no HTTP at all.
 */
export type Weather = 'fine' | 'closed' | 'portal' | 'sent-on' | 'mistyped' | 'secret';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const SIGN_IN = '/welcome';
const WELCOME = '<!doctype html><h1>Welcome aboard</h1>';
/** Fatal, bad certificate: what TLS says before it hangs up. */
const ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x2a]);

export class Road {
  weather: Weather = 'fine';
  /** Replies that are lost after the server has given them, by path; counted down. */
  readonly lose = new Map<string, number>();
  /** What a file becomes on its way. */
  readonly change = new Map<string, (body: string) => string>();
  /** Requests that reached the server, as `POST /api/v1/sync/push`. */
  readonly passed: string[] = [];
  /** How often someone went where a portal sends one. */
  followed = 0;
  port = 0;
  readonly #server = http.createServer((ask, answer) => this.#take(ask, answer));

  constructor(readonly to: () => number) {}

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  async open(): Promise<this> {
    this.port = await freePort();
    this.#server.listen(this.port, 'localhost');
    await once(this.#server, 'listening');
    return this;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #sendOn(ask: http.IncomingMessage, answer: http.ServerResponse): void {
    if (ask.url === SIGN_IN) this.followed += 1;
    if (ask.url === SIGN_IN) answer.writeHead(200, HTML).end(WELCOME);
    else answer.writeHead(302, { location: SIGN_IN }).end();
  }

  #take(ask: http.IncomingMessage, answer: http.ServerResponse): void {
    if (this.weather === 'closed') return void ask.socket.destroy();
    if (this.weather === 'secret') return void ask.socket.end(ALERT);
    if (this.weather === 'portal') return void answer.writeHead(200, HTML).end(WELCOME);
    if (this.weather === 'sent-on') return this.#sendOn(ask, answer);
    if (this.weather === 'mistyped') return void answer.writeHead(200, { 'content-type': 'text/plain' }).end('OK');
    const where = (ask.url ?? '/').split('?')[0] ?? '/';
    this.passed.push(`${ask.method} ${where}`);
    const changed = this.change.get(where);
    const headers = { ...ask.headers, ...(changed && { 'accept-encoding': 'identity', 'if-none-match': '' }) };
    const on = http.request(
      { host: 'localhost', port: this.to(), method: ask.method, path: ask.url, headers },
      (reply) => {
        const left = this.lose.get(where) ?? 0;
        if (left > 0) {
          this.lose.set(where, left - 1);
          reply.resume().on('end', () => ask.socket.destroy());
        } else if (changed) {
          const parts: Buffer[] = [];
          reply.on('data', (part: Buffer) => parts.push(part));
          reply.on('end', () => {
            const body = changed(Buffer.concat(parts).toString());
            answer
              .writeHead(reply.statusCode ?? 200, {
                ...reply.headers,
                etag: '',
                'content-length': Buffer.byteLength(body),
              })
              .end(body);
          });
        } else {
          answer.writeHead(reply.statusCode ?? 502, reply.headers);
          answer.flushHeaders();
          reply.pipe(answer);
          answer.on('close', () => reply.destroy());
        }
      },
    );
    on.on('error', () => ask.socket.destroy());
    ask.pipe(on);
  }
}
