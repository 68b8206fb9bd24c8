/**
 * Which place an entry means now. An entry keeps the place it was logged with; what that place is called, whether it is offered and
 * whether it turned out to be another can change later. The same rule as Go's pledge.Book; docs/api/vectors/places has the cases.
 */
import type { Place } from './app';
import type { Value } from './event';

type Linked = Pick<Place, 'e' | 'sameAs'>;

/**
 * The place that a place stands for: where `same_as` leads, as far as there are places. A circle, which two desks can make, stands for
 * its smallest.
 */
export function standsFor(places: readonly Linked[], e: string): string {
  const way = [e];
  for (;;) {
    const next = places.find((p) => p.e === way.at(-1))?.sameAs;
    if (next === undefined || !places.some((p) => p.e === next)) return way.at(-1) ?? e;
    const met = way.indexOf(next);
    if (met >= 0) return way.slice(met).reduce((a, b) => (b < a ? b : a));
    way.push(next);
  }
}

/** The place that an entry shows, or none when it is not known here. */
export const placeOf = (places: readonly Place[], e: Value | undefined): Place | undefined =>
  typeof e === 'string' ? places.find((p) => p.e === standsFor(places, e)) : undefined;

/** Whether a form offers it. */
export const isOffered = (places: readonly Place[], p: Place): boolean =>
  p.is !== 'closed' && standsFor(places, p.e) === p.e;

/** The place that a new entry begins with when the last one had this: null when that is closed. One that is not known here is kept. */
export function placeNow(places: readonly Place[], e: Value): Value {
  const found = placeOf(places, e);
  return found ? (found.is === 'closed' ? null : found.e) : e;
}
