/**
 * Local time: moments are kept as local minutes with their offset, `2026-11-20T21:10+01:00`, since the local day of the start is
 * the day that counts. The zone is that of the towns, wherever the phone thinks it is.
 */
export const ZONE = 'Europe/Stockholm';

const MINUTE = 60_000;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** As much of the platform's Temporal as is used; older browsers have none. */
type Temporal = {
  Instant: {
    fromEpochMilliseconds(ms: number): {
      toZonedDateTimeISO(zone: string): { toPlainDateTime(): { toString(how: { smallestUnit: 'minute' }): string } };
    };
  };
};
const { Temporal: temporal } = globalThis as { Temporal?: Temporal };

/** Local time of a moment in ms, to the minute: `2026-11-20T21:10`. */
const wallOf = (ms: number): string =>
  temporal
    ? temporal.Instant.fromEpochMilliseconds(Math.floor(ms))
        .toZonedDateTimeISO(ZONE)
        .toPlainDateTime()
        .toString({ smallestUnit: 'minute' })
    : spelled(ms);

let wall: Intl.DateTimeFormat | undefined;

/** The same where there is no Temporal. The first takes a slow phone a tenth of a second, so that it is not the way where there is. */
function spelled(ms: number): string {
  wall ??= new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const part = Object.fromEntries(wall.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${(part.year ?? '').padStart(4, '0')}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** Minutes that local time is ahead of UTC at a moment. Whole minutes: no zone has had seconds since clocks were standard. */
function offsetAt(ms: number): number {
  return Math.round((Date.parse(`${wallOf(ms)}Z`) - Math.floor(ms / MINUTE) * MINUTE) / MINUTE);
}

/** A moment in ms as the text that an entry keeps. */
export function momentOf(ms: number): string {
  const offset = offsetAt(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const ahead = Math.abs(offset);
  return `${wallOf(ms)}${offset < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

/** The ms of a kept moment, or null when the text is not one. */
export function millisOfMoment(text: string): number | null {
  const ms = MOMENT.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/**
 * The moment that a local time as picked in a form means, `2026-11-20T21:10`. The hour that comes twice in autumn is the first of
 * the two, unless `near` (ms) lies closer to the second; the hour that is missing in spring is moved past the gap, as clocks are.
 */
export function momentOfLocal(local: string, near?: number): string | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsets = [offsetAt(asUtc - 86_400_000), offsetAt(asUtc + 86_400_000)]; // before and after a change in these two days
  const guesses = offsets.map((offset) => asUtc - offset * MINUTE);
  const real = guesses.filter((ms) => wallOf(ms) === local);
  const first = Math.min(...real);
  if (real.length === 0) return momentOf(Math.max(...guesses));
  return momentOf(near === undefined ? first : nearest(real, near));
}

/** The towns' local day of a kept moment, `2026-11-20`, whatever its offset says; empty when there is none. */
export function dayOf(moment: string): string {
  const ms = millisOfMoment(moment);
  return ms === null ? '' : dayOfMillis(ms);
}

/** The local day of a moment in ms. */
export const dayOfMillis = (ms: number): string => wallOf(ms).slice(0, 10);

/** When the local day of a moment began, ms. */
export const startOfDay = (ms: number): number => millisOfMoment(momentOfLocal(`${dayOfMillis(ms)}T00:00`) ?? '') ?? ms;

const nearest = (list: number[], to: number): number =>
  list.reduce((best, ms) => (Math.abs(ms - to) < Math.abs(best - to) ? ms : best));
