import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Place } from './app';
import { byDistance, byUse, coarse, distanceTo, exact, metres, type Point, usedPlaces, type Whole } from './near';

const place = (e: string, more: Partial<Place> = {}): Place => ({
  e,
  name: e,
  form: 'square',
  lat: null,
  lon: null,
  order: 0,
  ...more,
});
const degrees = ({ lat, lon }: Whole): Point => ({ lat: lat / 1e5, lon: lon / 1e5 });
/** Anywhere in Sweden, and some way around it. */
const SWEDEN = fc.record({
  lat: fc.double({ min: 55, max: 69.1, noNaN: true }),
  lon: fc.double({ min: 10, max: 24.5, noNaN: true }),
});
const ANYWHERE = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('a rounded position', () => {
  it('is in whole numbers of 1e-5 degrees', () => {
    fc.assert(
      fc.property(ANYWHERE, (p) => {
        const { lat, lon } = coarse(p);
        return Number.isInteger(lat) && Number.isInteger(lon) && !Object.is(lat, -0) && !Object.is(lon, -0);
      }),
    );
  });

  it('is at most 52 m off in each direction', () => {
    fc.assert(
      fc.property(SWEDEN, (p) => {
        const to = degrees(coarse(p));
        expect(metres(p, { lat: to.lat, lon: p.lon })).toBeLessThan(52);
        expect(metres({ lat: to.lat, lon: p.lon }, to)).toBeLessThan(52);
      }),
    );
  });

  it('stays what it is when it is rounded once more', () => {
    fc.assert(
      fc.property(ANYWHERE, (p) => {
        expect(coarse(degrees(coarse(p)))).toEqual(coarse(p));
      }),
    );
  });

  it('is one of a net with meshes of 95 to 105 m each way', () => {
    fc.assert(
      fc.property(SWEDEN, (p) => {
        const from = coarse(p);
        const step = (by: (n: number) => Whole): number => {
          for (let n = 1; ; n += 1) {
            const next = coarse(degrees(by(n)));
            if (next.lat !== from.lat || next.lon !== from.lon) return metres(degrees(from), degrees(next));
          }
        };
        for (const mesh of [
          step((n) => ({ lat: from.lat, lon: from.lon + n })),
          step((n) => ({ lat: from.lat, lon: from.lon - n })),
        ]) {
          expect(mesh).toBeGreaterThan(95);
          expect(mesh).toBeLessThan(105);
        }
        const north = degrees(coarse(degrees({ lat: from.lat + 90, lon: from.lon })));
        const up = metres(degrees(from), { lat: north.lat, lon: from.lon / 1e5 });
        expect(up).toBeGreaterThan(95);
        expect(up).toBeLessThan(105);
      }),
      { numRuns: 50 },
    );
  });

  it('is not the exact one, which is kept to about a metre', () => {
    const here = { lat: 59.838712, lon: 13.543498 };
    expect(exact(here)).toEqual({ lat: 5_983_871, lon: 1_354_350 });
    expect(coarse(here)).toEqual({ lat: 5_983_830, lon: 1_354_314 });
  });
});

describe('the order of places', () => {
  const here = { lat: 59.83, lon: 13.54 };
  const far = place('far', { lat: 59.9, lon: 13.54 });
  const near = place('near', { lat: 59.831, lon: 13.54, order: 1 });
  const unknown = place('unknown', { order: 2 });

  it('is the nearest first, those without a position last', () => {
    expect(byDistance([unknown, far, near], here).map((p) => p.e)).toEqual(['near', 'far', 'unknown']);
    expect(Math.round(distanceTo(near, here) ?? 0)).toBe(111);
    expect(distanceTo(unknown, here)).toBeNull();
  });

  it('is by use, then as the town has them, without those that are closed or another', () => {
    const places = [far, near, unknown, place('closed', { is: 'closed' }), place('same', { sameAs: 'unknown' })];
    const entry = (value: string, more: Partial<Entry> = {}) =>
      ({ mine: true, retracted: null, values: { place: value }, ...more }) as Entry;
    const used = usedPlaces(
      [entry('same'), entry('unknown'), entry('near'), entry('far', { mine: false }), entry('far', { retracted: 'x' })],
      places,
      'place',
    );
    expect(byUse(places, used).map((p) => p.e)).toEqual(['unknown', 'near', 'far']);
  });
});
