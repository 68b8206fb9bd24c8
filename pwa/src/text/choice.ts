/**
 * What a person chose for this phone or this desk: language, theme, hand, haptics, places nearest first. It is no data of
 * the town and must be known before the first paint, without waiting; so it lies beside the journal. Where nothing can be
 * kept, the choice lasts as long as the page.
 */
export type Choice = 'lang' | 'theme' | 'hand' | 'haptics' | 'near';

const memory = new Map<string, string>();

/** What was chosen, or null. */
export function chosen(what: Choice): string | null {
  try {
    // eslint-disable-next-line no-restricted-globals -- read before the first paint; the journal answers too late for that
    return localStorage.getItem(`lofteslogg.${what}`) ?? memory.get(what) ?? null;
  } catch {
    return memory.get(what) ?? null;
  }
}

/** Keeps a choice; null forgets it. */
export function choose(what: Choice, value: string | null): void {
  if (value === null) memory.delete(what);
  else memory.set(what, value);
  try {
    // eslint-disable-next-line no-restricted-globals -- see chosen
    const kept = localStorage;
    if (value === null) kept.removeItem(`lofteslogg.${what}`);
    else kept.setItem(`lofteslogg.${what}`, value);
  } catch {
    // A browser that keeps nothing: the choice stands until the page is closed.
  }
}
