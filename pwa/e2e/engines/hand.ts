/** What a person does with the app, said so that every engine can do it: find, press, fill in, and look again until it is so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, type Tab, until } from './engine';

const quoted = (text: string) => JSON.stringify(text);
/** The first element of a selector whose text matches, as an expression in the page. */
const find = (css: string, text: RegExp = /./) =>
  `[...document.querySelectorAll(${quoted(css)})].find((e) => ${String(text)}.test(e.textContent || e.ariaLabel || ''))`;
const counting = (css: string, text: RegExp) =>
  `[...document.querySelectorAll(${quoted(css)})].filter((e) => ${String(text)}.test(e.textContent)).length`;

export class Hand {
  #tab: Tab | undefined;
  readonly #profile = mkdtempSync(path.join(tmpdir(), 'll-engine-'));

  constructor(
    readonly engine: Engine,
    readonly origin: string,
  ) {}

  /** Starts the browser on the app, as from the home screen. */
  async open(hash = ''): Promise<void> {
    this.#tab = await this.engine.start(this.#profile);
    await this.#tab.goto(`${this.origin}/app/${hash}`);
  }

  /** The battery is out. */
  async kill(): Promise<void> {
    await this.#tab?.kill();
    this.#tab = undefined;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async reload(): Promise<void> {
    await this.ask('void (globalThis.before = true, location.reload())');
    await this.sees('!globalThis.before && document.readyState === "complete"');
  }

  ask(expression: string): Promise<unknown> {
    if (!this.#tab) throw new Error('the browser is not on');
    return this.#tab.ask(expression);
  }

  /** Waits until an expression in the page is true. */
  async sees(expression: string): Promise<void> {
    try {
      await until(() => this.ask(expression), `${this.engine.name}: ${expression}`);
    } catch (error) {
      const there = await this.ask('location.href + " " + document.body?.innerText').catch(String);
      throw new Error(`${String(error)}; there is ${String(there).slice(0, 600)}`, { cause: error });
    }
  }

  async press(css: string, text?: RegExp): Promise<void> {
    await this.sees(`((e) => !!e && !e.disabled && (e.click(), true))(${find(css, text)})`);
  }

  async fill(css: string, value: string): Promise<void> {
    const type = `e.value = ${quoted(value)}, e.dispatchEvent(new Event('input', { bubbles: true }))`;
    await this.sees(`((e) => !!e && (${type}, true))(document.querySelector(${quoted(css)}))`);
  }

  /** From the link to home, with the worker in charge of the page. */
  async install(key: string): Promise<void> {
    await this.open(`#k=${key}`);
    await this.press('.dock a', /Hoppa över|Skip/);
    await this.fill('input[autocomplete=name]', 'Kim Lind');
    await this.press('label.chip', /Polisen/);
    await this.press('button', /Koppla telefonen|Connect the phone/);
    await this.home();
    await this.sees('!!navigator.serviceWorker.controller');
  }

  home(): Promise<void> {
    return this.sees(`!!${find('.dock .split .btn-1')}`);
  }

  /** Logs a patrol afterwards; the place is chosen when it is not remembered. Saved means that the phone said so. */
  async log(place?: RegExp): Promise<void> {
    await this.press('.dock .split a.btn-2', /.*/);
    if (place) await this.press('li.place label', place);
    await this.press('button', /^\s*(Spara|Save)\s*$/);
    await this.sees(`!!${find('.undo', /Sparad på telefonen|Saved on the phone/)}`);
    await this.home();
  }

  /** Until all that it wrote is received: says so in the list of own entries. */
  async allReceived(count: number): Promise<void> {
    await this.ask(`void (location.hash = '#/unsent')`);
    const again = `((e) => e?.click())(${find('button', /Försök nu|Try now/)}), `;
    await this.sees(`(${again}!!${find('h1,h2', /Allt är skickat|Everything is sent/)})`);
    await this.ask(`void (location.hash = '#/mine')`);
    const older = `((e) => e?.click())(${find('main button.btn-wide', /äldre|older/)}), `;
    await this.sees(`(${older}${counting('a.item', /Mottagen|Received/)} === ${count})`);
    await this.ask(`void (location.hash = '#/')`);
    await this.home();
  }
}
