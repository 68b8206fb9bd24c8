/**
 * In which order a list of places stands, and what is said of it. The order is the person's: it changes only within a blink of the
 * list being opened or of their own tap. A position that comes later changes nothing but the words of the button, so that no row
 * moves away from a finger on its way.
 */
import type { Place } from '../domain/app';
import { byDistance, byUse, distanceTo } from '../domain/near';
import { canLocate, type Fix, locate, mayLocate, type NoFix, wantNear, wantsNear } from './position';

/** Less than it takes to see a row, aim and tap. */
const BLINK_MS = 300;

export class Nearest {
  /** `found` is a position that came late and waits for a tap. */
  at = $state<'idle' | 'asking' | 'found' | 'sorted' | NoFix>('idle');
  /** The entities of the rows; what is not among them came since. */
  order = $state.raw<string[]>([]);
  /** Whether the sentence about why is still owed. */
  readonly first = !wantsNear();
  readonly can = canLocate();
  #fix = $state.raw<Fix | null>(null);
  #gone = false;

  /** `places` and `used` give what they are now; `opened` is the place that was chosen when the list was drawn. */
  constructor(
    private readonly places: () => readonly Place[],
    private readonly used: () => ReadonlyMap<string, number>,
    private readonly opened: Place | undefined,
  ) {
    this.order = this.#byUse();
    const since = performance.now();
    void mayLocate().then((may) => (may && !this.#gone ? this.#take(since, true) : undefined));
  }

  /** The button: nearest first, or as it was. */
  press(): void {
    if (this.at === 'asking') return;
    if (this.at === 'sorted') {
      void wantNear(false);
      this.order = this.#byUse();
      this.at = 'idle';
    } else if (this.at === 'found') this.#sort();
    else {
      this.at = 'asking';
      void this.#take(performance.now(), false);
    }
  }

  /** Metres to a place, once the rows stand by distance. */
  metresTo = (p: Place): number | null => (this.at === 'sorted' && this.#fix ? distanceTo(p, this.#fix) : null);

  /** The list is not on the screen any more. */
  leave(): void {
    this.#gone = true;
  }

  async #take(since: number, silently: boolean): Promise<void> {
    const found = await locate();
    if (this.#gone || (silently && (typeof found === 'string' || this.at !== 'idle'))) return;
    if (typeof found === 'string') return void (this.at = found);
    this.#fix = found;
    void wantNear(true);
    if (performance.now() - since <= BLINK_MS) this.#sort();
    else this.at = 'found';
  }

  #sort(): void {
    const { places } = this;
    if (this.#fix) this.order = byDistance(byUse(places(), this.used()), this.#fix).map((p) => p.e);
    this.at = 'sorted';
  }

  #byUse(): string[] {
    const list = byUse(this.places(), this.used()).map((p) => p.e);
    const { opened } = this;
    return opened ? [opened.e, ...list.filter((e) => e !== opened.e)] : list;
  }
}
