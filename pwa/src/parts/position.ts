/**
 * The phone's position, asked for once and kept nowhere. Whatever the phone does with the question (refuses, has no such sense, never
 * answers, answers with another county), there is an answer here within `patience`, and nothing else waits for it.
 */
import { choose, chosen } from '../text/choice';

/** Degrees, and how far off they may be, m. */
export type Fix = { lat: number; lon: number; accuracy: number };
/** Why there is none: not allowed, not to be had now, or so uncertain that it says nothing. */
export type NoFix = 'refused' | 'none' | 'vague';

const PATIENCE_MS = 10_000;
/** A position of the last minute will do: nobody walks out of the nearest place meanwhile. */
const AGE_MS = 60_000;
/** What is less certain than this does not tell the places of a small town apart. */
const VAGUE_M = 1000;
const DENIED = 1;

const sense = (): Geolocation | undefined => ('geolocation' in navigator ? navigator.geolocation : undefined);

/** Whether the phone has such a sense at all. */
export const canLocate = (): boolean => sense() !== undefined;

/** Asks the phone. It may ask its owner for leave first, so this is only called by a tap, or when `mayLocate` says so. */
export function locate(patience = PATIENCE_MS): Promise<Fix | NoFix> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('none'), patience); // not the phone's own time-out: it may count from when leave was given, or never
    const tell = (found: Fix | NoFix) => {
      clearTimeout(timer);
      resolve(found);
    };
    try {
      const found = ({ coords: { latitude, longitude, accuracy }, timestamp }: GeolocationPosition) => {
        const old = Date.now() - timestamp > AGE_MS + patience; // some phones give what they had, whatever was asked
        const known = !old && [latitude, longitude, accuracy].every(Number.isFinite);
        tell(!known ? 'none' : accuracy > VAGUE_M ? 'vague' : { lat: latitude, lon: longitude, accuracy });
      };
      const ask = { enableHighAccuracy: true, maximumAge: AGE_MS, timeout: patience };
      const at = sense();
      if (at) at.getCurrentPosition(found, ({ code }) => tell(code === DENIED ? 'refused' : 'none'), ask);
      else tell('none');
    } catch {
      tell('none');
    }
  });
}

/** Whether the person wants places nearest first; what they chose last. */
export const wantsNear = (): boolean => chosen('near') === 'on';

/** Keeps what the person chose. */
export const wantNear = (yes: boolean): Promise<void> => choose('near', yes ? 'on' : null);

/** Whether the position may be used without a tap: it was wanted, and the phone has been given leave that still holds. */
export async function mayLocate(): Promise<boolean> {
  if (!wantsNear() || !canLocate()) return false;
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted';
  } catch {
    return false; // a browser that cannot say so would ask instead
  }
}
