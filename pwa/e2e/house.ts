/**
 * What every browser test has: a server of its own, phones that can be killed, a desk, and a watch over all of them. A test
 * fails when a page complains, breaks its policy or speaks to anyone else, whatever else it shows.
 */
import { type Browser, test as base, expect } from '@playwright/test';
import { Desk, type DeskOptions } from './desk';
import { Pen } from './pen';
import { Phone, type PhoneOptions } from './phone';
import { Road } from './road';
import { type Role, Server } from './server';
import { Watch } from './watch';

/** The measure that foot patrols count toward in the example town. */
export const PATROLS = 'Fotpatrull i centrum';

export class House {
  readonly #leaving: (() => Promise<void>)[] = [];

  constructor(
    readonly server: Server,
    readonly watch: Watch,
    readonly launch: object,
    readonly browser: Browser,
  ) {}

  /** A browser that is on, without the app. */
  async phone(options: PhoneOptions = {}, origin = this.server.origin): Promise<Phone> {
    const phone = new Phone(origin, this.watch, this.launch, options);
    this.#leaving.push(() => phone.remove());
    await phone.on();
    return phone;
  }

  /** A phone that is connected and at home. */
  async installed(options: PhoneOptions = {}, origin = this.server.origin): Promise<Phone> {
    const phone = await this.phone(options, origin);
    await phone.install((await this.server.invite('field')).key);
    return phone;
  }

  /** A wide browser that nobody is signed in with. */
  async openDesk(options: DeskOptions = {}): Promise<Desk> {
    const desk = await Desk.open(this.browser, this.server.origin, this.watch, options);
    this.#leaving.push(() => desk.page.context().close());
    return desk;
  }

  /** A desk that is signed in. */
  async desk(options: DeskOptions = {}): Promise<Desk> {
    const desk = await this.openDesk(options);
    await desk.signIn((await this.server.invite('coordinator')).key);
    return desk;
  }

  async pen(name = 'Kim Lind', party = 'police', role: Role = 'field'): Promise<Pen> {
    return new Pen(this.server.origin).enrol((await this.server.invite(role)).key, name, party);
  }

  /** A road to the server, on which there can be weather. */
  async road(): Promise<Road> {
    const road = await new Road(() => this.server.port).open();
    this.#leaving.push(() => road.close());
    this.watch.home(road.origin);
    return road;
  }

  /** SIGKILL, as a power cut. */
  async powerCut(): Promise<void> {
    this.watch.badWeather();
    await this.server.stop('SIGKILL');
  }

  async leave(): Promise<void> {
    for (const last of this.#leaving.reverse()) await last();
  }
}

type Fixtures = {
  /** The build that is run; a test of the server's death brings its own. */
  binary: string | undefined;
  house: House;
};

export const test = base.extend<Fixtures>({
  binary: [undefined, { option: true }],
  house: async ({ binary, playwright: _, browser, launchOptions }, use, info) => {
    const server = new Server(binary);
    const watch = new Watch();
    let house: House | undefined;
    try {
      await server.start();
      watch.home(server.origin);
      house = new House(server, watch, launchOptions, browser);
      await use(house);
    } finally {
      await house?.leave();
      await server.remove();
      if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.said.join('') });
    }
    expect(watch.complaints(), 'what the pages complained of, and whom they spoke to').toEqual([]);
  },
});

export { expect } from '@playwright/test';
