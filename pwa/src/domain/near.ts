/**
 * Positions: how far it is to a place, in which order a form offers places, and the rounding that a position goes through before it
 * is written down or leaves the phone. Pure. Degrees are what the browser gives; events have whole numbers of 1e-5 degrees.
 */
import type { Entry, Place } from './app';
import { isOffered, standsFor } from './place';
import { order } from './state';

/** A point in degrees. */
export type Point = { lat: number; lon: number };
/** A point in 1e-5 degrees, as events have it. */
export type Whole = { lat: number; lon: number };

const EARTH_M = 6_371_000;
const RADIANS = Math.PI / 180;
const PER_DEGREE = 1e5;
/** 90 times 1e-5 degrees of latitude are 100 m. */
const STEP = 90;

/** Metres between two points, as the crow flies. */
export function metres(a: Point, b: Point): number {
  const [x, y] = [Math.sin(((b.lat - a.lat) * RADIANS) / 2), Math.sin(((b.lon - a.lon) * RADIANS) / 2)];
  const h = x * x + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * y * y;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The position exactly, as far as events can say it: about a metre. */
export const exact = (p: Point): Whole => ({ lat: whole(p.lat * PER_DEGREE), lon: whole(p.lon * PER_DEGREE) });

/**
 * The position rounded to the nearest corner of a net with meshes of about 100 m each way, at any latitude: at most about 50 m off
 * in each direction. What is rounded is rounded already: once more changes nothing.
 */
export function coarse(p: Point): Whole {
  const at = exact(p);
  const lat = whole(at.lat / STEP) * STEP;
  const wide = Math.round(STEP / Math.max(Math.cos((lat / PER_DEGREE) * RADIANS), 0.01)); // by the rounded latitude, or a second rounding would have another net
  return { lat, lon: whole(at.lon / wide) * wide };
}

/** The nearest whole number; never -0, which has no place in an event. */
const whole = (n: number): number => Math.round(n) || 0;

/** How often this person has logged at each place, by what it stands for now. */
export function usedPlaces(entries: readonly Entry[], places: readonly Place[], field: string): Map<string, number> {
  const used = new Map<string, number>();
  for (const { mine, retracted, values } of entries) {
    const value = values[field];
    if (!mine || retracted !== null || typeof value !== 'string') continue;
    const e = standsFor(places, value);
    used.set(e, (used.get(e) ?? 0) + 1);
  }
  return used;
}

/** The offered places, those that this person uses most first, then in the town's order. */
export const byUse = (places: readonly Place[], used: ReadonlyMap<string, number>): Place[] =>
  places
    .filter((p) => isOffered(places, p))
    .sort((a, b) => (used.get(b.e) ?? 0) - (used.get(a.e) ?? 0) || a.order - b.order || order(a.name, b.name));

/** Places by their distance; those without a position keep their order among themselves, last. */
export const byDistance = (places: readonly Place[], from: Point): Place[] =>
  [...places].sort((a, b) => far(a, from) - far(b, from) || 0);

const FAR = 1e9;
const far = (p: Place, from: Point): number => distanceTo(p, from) ?? FAR;

/** Metres to a place; null when it has no position. */
export const distanceTo = ({ lat, lon }: Pick<Place, 'lat' | 'lon'>, from: Point): number | null =>
  lat === null || lon === null ? null : metres({ lat, lon }, from);
