/**
 * A phone: a browser of its own with a profile on disk, so that it can be killed and started cold. Small, Swedish, by touch.
 */
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, expect, type BrowserContext, type LaunchOptions, type Locator, type Page } from '@playwright/test';
import type { Watch } from './watch';

export type PhoneOptions = { width?: number; height?: number; lang?: 'sv' | 'en'; dark?: boolean };

export class Phone {
  page!: Page;
  context!: BrowserContext;
  /** Taps since the last `taps = 0`. */
  taps = 0;
  readonly #profile = mkdtempSync(path.join(tmpdir(), 'll-phone-'));

  constructor(
    readonly origin: string,
    readonly watch: Watch,
    readonly launch: LaunchOptions,
    readonly options: PhoneOptions = {},
  ) {}

  /** Starts the browser, without opening the app. */
  async on({ offline = false } = {}): Promise<void> {
    this.context = await chromium.launchPersistentContext(this.#profile, {
      ...this.launch,
      viewport: { width: this.options.width ?? 360, height: this.options.height ?? 800 },
      hasTouch: true,
      isMobile: true,
      locale: this.options.lang === 'en' ? 'en-GB' : 'sv-SE',
      timezoneId: 'Europe/Stockholm',
      colorScheme: this.options.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      offline,
    });
    if (offline) this.watch.badWeather();
    this.watch.over(this.context, 'phone');
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** The battery is out: nothing is asked, nothing is waited for. */
  async kill(): Promise<void> {
    const lock = path.join(this.#profile, 'SingletonLock');
    const pid = Number(readlinkSync(lock).split('-').at(-1));
    const gone = this.context.waitForEvent('close');
    process.kill(pid, 'SIGKILL');
    await gone;
    rmSync(lock, { force: true });
  }

  /** Killed and started again, without a network unless told. */
  async coldStart({ offline = true } = {}): Promise<void> {
    await this.kill();
    await this.on({ offline });
    await this.open();
  }

  /** Closed as people close it, and opened again without a network. */
  async reopen(): Promise<void> {
    await this.context.close();
    await this.on({ offline: true });
    await this.open();
  }

  async remove(): Promise<void> {
    await this.context.close().catch(() => undefined);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async open(hash = ''): Promise<void> {
    await this.page.goto(`${this.origin}/app/${hash}`);
  }

  async offline(yes: boolean): Promise<void> {
    if (yes) this.watch.badWeather();
    await this.context.setOffline(yes);
  }

  /** A finger: counted, and only on what a finger can hit. */
  async tap(what: Locator): Promise<void> {
    this.taps++;
    await what.tap();
  }

  /** From the link to home, with the app kept for the time without a network. */
  async install(key: string, { name = 'Kim Lind', party = 'Polisen' } = {}): Promise<void> {
    await this.open(`#k=${key}`);
    await this.tellWho(name, party);
  }

  /** Past the two screens that say what the app is; who is known by the code is taken past them while they are drawn. */
  async skipWelcome(): Promise<void> {
    const skip = this.page.getByRole('link', { name: /^(Hoppa över|Skip)$/ });
    await expect(skip.or(this.page.locator('input.input').first())).toBeVisible();
    await expect(async () => {
      if (await skip.isVisible()) await skip.tap({ timeout: 1000 });
      await expect(skip).toHaveCount(0, { timeout: 1000 });
    }).toPass();
  }

  /** Chooses a code of their own, where others are on the phone, or is asked for none. */
  async tellWho(name: string, party: string, pin?: string): Promise<void> {
    const { page } = this;
    await this.skipWelcome();
    if (pin !== undefined) await page.getByRole('textbox', { name: /Välj en egen kod|Choose a code/ }).fill(pin);
    await page.getByRole('textbox', { name: /Ditt namn|Your name/ }).fill(name);
    await this.tap(page.locator('label.chip').filter({ hasText: party }));
    await this.tap(page.getByRole('button', { name: /Koppla telefonen|Connect the phone/ }));
    await expect(this.start).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 5000 });
  }

  /** The way to start the first kind, under the thumb; home is drawn when it is there. */
  get start(): Locator {
    return this.page.locator('.dock .split .btn-1');
  }
  /** The way to log one of it afterwards, beside it. */
  get after(): Locator {
    return this.page.locator('.dock .split a.btn-2');
  }
  /** Opens the part of one who knows the code, from the drawn curtain. */
  async enter(name: string, pin: string): Promise<void> {
    const { page } = this;
    const list = page.getByRole('button', { name });
    await expect(list.or(page.getByLabel('Din kod'))).toBeVisible();
    if (await list.isVisible()) await this.tap(list);
    await page.getByLabel('Din kod').fill(pin);
    await this.tap(page.getByRole('button', { name: 'Öppna' }));
  }
  get save(): Locator {
    return this.page.getByRole('button', { name: /^(Spara|Save)$/ });
  }
  /** What the header says about sending. */
  get pill(): Locator {
    return this.page.locator('a.pill');
  }
  /** The state that the open entry shows. */
  get stateShown(): Locator {
    return this.page.locator('.card .state');
  }
  /** The rows of the list on home. */
  get latest(): Locator {
    return this.page.locator('ul.latest a.item');
  }
  /** The line behind which the rest of a form is folded. */
  get more(): Locator {
    return this.page.locator('.fold > summary').last();
  }
  place(name: string): Locator {
    return this.page.locator('li.place label').filter({ hasText: name });
  }

  /** Proposes a place from an open form, without a pin unless one is asked for. */
  async propose(name: string, pin: 'Ingen' | 'Ungefär' | 'Exakt' = 'Ingen'): Promise<void> {
    await this.tap(this.page.getByRole('button', { name: 'Annan plats eller nål' }));
    const sheet = this.page.getByRole('dialog', { name: 'Föreslå en plats' });
    await sheet.getByRole('textbox').fill(name);
    await this.tap(sheet.locator('label.chip').filter({ hasText: pin }));
    if (pin !== 'Ingen') await expect(sheet.locator('[role=status]')).toContainText(/100 meter|någon meter/);
    await this.tap(sheet.getByRole('button', { name: 'Föreslå' }));
    await expect(this.page.getByRole('radio', { name: new RegExp(name) })).toBeFocused();
  }

  /** A patrol that is logged afterwards, from home. The place is chosen when it is not remembered. */
  async logPatrol(place?: string): Promise<void> {
    await this.tap(this.after);
    if (place !== undefined) await this.tap(this.place(place));
    await this.tap(this.save);
    await expect(this.start).toBeVisible();
    await expect(this.page.locator('.undo')).toContainText('Sparad på telefonen');
  }

  /** Chooses a language in the settings. */
  async speak(name: 'Svenska' | 'English'): Promise<void> {
    await this.goTo('#/settings');
    await this.tap(this.page.locator('label.chip').filter({ hasText: name }));
    await expect(this.page.locator('html')).toHaveAttribute('lang', name === 'English' ? 'en' : 'sv');
  }

  async goTo(hash: string): Promise<void> {
    await this.page.evaluate((h) => void (location.hash = h), hash);
  }
}
