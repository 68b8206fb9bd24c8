/** A desk: a wide browser, signed in by a link. What it shows is asked for by what a person reads. */
import { type Browser, expect, type Locator, type Page } from '@playwright/test';
import { stampOf } from '../src/domain/clock';
import { encode } from '../src/domain/event';
import { newId } from '../src/domain/id';
import { spellRescue } from '../src/domain/rescue';
import type { components } from '../src/api/schema.gen';
import type { Watch } from './watch';

type Schemas = components['schemas'];
export type DeskOptions = { lang?: 'sv' | 'en'; dark?: boolean; width?: number; height?: number };

export class Desk {
  private constructor(
    readonly page: Page,
    readonly origin: string,
  ) {}

  static async open(browser: Browser, origin: string, watch: Watch, o: DeskOptions = {}): Promise<Desk> {
    const context = await browser.newContext({
      viewport: { width: o.width ?? 1280, height: o.height ?? 800 },
      locale: o.lang === 'en' ? 'en-GB' : 'sv-SE',
      timezoneId: 'Europe/Stockholm',
      colorScheme: o.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    watch.over(context, 'desk');
    return new Desk(await context.newPage(), origin);
  }

  async signIn(key: string): Promise<void> {
    await this.page.goto(`${this.origin}/desk/#k=${key}`);
    await expect(this.page.getByRole('heading', { level: 1 })).toContainText('Munkfors');
  }

  /** Asks the server with the desk's own cookie. */
  async #ask<T>(path: string): Promise<T> {
    const reply = await this.page.request.get(`${this.origin}/api/v1/${path}`);
    expect(reply.ok(), `${path}: ${reply.status()}`).toBe(true);
    return (await reply.json()) as T;
  }

  /** What the server counts for a measure. */
  async counted(short: string): Promise<number> {
    const { measures } = await this.#ask<Schemas['FollowUp']>('follow-up');
    const found = measures.find((m) => m.short === short);
    if (!found) throw new Error(`no measure ${short}`);
    return found.done;
  }

  /** The places and the proposals, as the server has them. */
  places(): Promise<Schemas['PlacesReply']> {
    return this.#ask('places');
  }

  /** A rescue file of this town with an event of the one who is signed in, and one of a stranger. */
  async rescueFile(): Promise<string> {
    const me = await this.#ask<Schemas['Me']>('me');
    const now = Date.now();
    const events = [me.account, newId(now)].map((by, i) => {
      const [id, inc, n] = [newId(now), newId(now), i + 1];
      const born = { t: 'activity', kind: 'foot_patrol', parent: null };
      const event = { base: {}, by, cat: 1, e: id, hlc: stampOf(now, 0), id, inc, n, new: born, off: null };
      const bytes = encode({ ...event, set: {}, town: me.town.id, v: 1 });
      return { id, e: id, inc, n, seal: 'none' as const, state: 'unsent' as const, savedAt: now, bytes };
    });
    return spellRescue({ town: me.town.id, made: now, events });
  }

  /** The id of the newest event of an entry. */
  async lastEvent(entry: string): Promise<string> {
    const { events } = await this.#ask<Schemas['HistoryReply']>(`entities/${entry}/events`);
    return events.at(-1)?.id ?? '';
  }

  /** All entries of a kind that count, by id. */
  async entries(kind: string): Promise<readonly Schemas['Entry'][]> {
    const { entries } = await this.#ask<Schemas['EntriesReply']>(`entries?kind=${kind}&limit=500`);
    return entries;
  }

  /** The figure of a measure in the overview: the link to its entries. */
  figure(short: string): Locator {
    const row = this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: short }) });
    return row.locator('a[href*="/desk/entries"]').first();
  }

  /** Waits until the overview, as it stands open, shows this figure. */
  async shows(short: string, n: number, within = 10_000): Promise<void> {
    await expect(this.figure(short)).toHaveText(new RegExp(`^\\D*${n}(\\D|$)`), { timeout: within });
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.origin}/desk/${path}`);
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(this.page.locator('[aria-busy=true]')).toHaveCount(0);
  }

  /** From the overview to the entries behind a figure. */
  async openFigure(short: string): Promise<void> {
    if (new URL(this.page.url()).pathname !== '/desk/') await this.goTo('');
    await this.figure(short).click();
    await expect(this.page).toHaveURL(/\/desk\/entries\?/);
  }

  async openMeasure(short: string): Promise<void> {
    await this.goTo('');
    await this.page.getByRole('rowheader').getByRole('link', { name: short }).click();
    await expect(this.page).toHaveURL(/\/desk\/measure\//);
  }

  /** The table of entries, without its head. */
  get entryRows(): Locator {
    return this.page.getByRole('row').filter({ has: this.page.locator('a[href*="/desk/entry/"]') });
  }

  /** From the table of entries to one of them. */
  async openEntry(i: number): Promise<void> {
    if (!new URL(this.page.url()).pathname.startsWith('/desk/entries')) await this.goTo('entries');
    await this.entryRows.nth(i).locator('a[href*="/desk/entry/"]').first().click();
    await expect(this.historyLines.first()).toBeVisible();
  }

  get historyLines(): Locator {
    return this.page.locator('ol.timeline > li');
  }

  async speak(name: 'Svenska' | 'English'): Promise<void> {
    await this.page.getByRole('button', { name }).click();
    await expect(this.page.locator('html')).toHaveAttribute('lang', name === 'English' ? 'en' : 'sv');
  }
}
