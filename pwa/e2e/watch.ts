/** What no test may let pass: a page that complains, breaks its policy, or speaks to anyone but its own server. */
import type { BrowserContext } from '@playwright/test';

/** What a browser logs by itself when the network is gone. Being offline is normal. */
const NO_NETWORK =
  /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INVALID_HTTP_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|NETWORK_CHANGED|NETWORK_IO_SUSPENDED|FAILED)/;

export class Watch {
  readonly #seen: string[] = [];
  readonly #allowed: RegExp[] = [];
  readonly #origins = new Set<string>();

  /** From now on this is one of our own servers. */
  home(origin: string): void {
    this.#origins.add(origin);
  }

  /** The test itself is what takes the network away. */
  badWeather(): void {
    this.#allowed.push(NO_NETWORK);
  }

  /** The test asks for an answer that browsers log as an error. */
  status(code: number): void {
    this.#allowed.push(new RegExp(`the server responded with a status of ${code}`));
  }

  over(context: BrowserContext, who: string): void {
    context.on('console', (m) => {
      if (m.type() === 'error' || /content security policy|svelte/i.test(m.text()))
        this.#seen.push(`${who}: console: ${m.text()} (${m.location().url})`);
    });
    context.on('weberror', (e) => this.#seen.push(`${who}: page error: ${e.error().stack ?? e.error().message}`));
    context.on('request', (r) => {
      const { protocol, origin } = new URL(r.url());
      if (/^https?:|^wss?:/.test(protocol) && !this.#origins.has(origin))
        this.#seen.push(`${who}: asked a third party: ${r.url()}`);
    });
  }

  /** Everything that may not have happened. */
  complaints(): string[] {
    return this.#seen.filter((text) => !this.#allowed.some((re) => re.test(text)));
  }
}
