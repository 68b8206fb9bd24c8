/**
 * What a person chose for this phone or this desk: language, theme, hand, haptics, places nearest first, when to be asked about the home screen. It is no
 * data of the town and must be known before the first paint, without waiting; so it lies beside the journal. Browsers write that
 * place down when they please: the phone keeps each choice in the journal too, and `adopt` brings back what a kill has lost.
 * Where nothing can be kept, the choice lasts as long as the page.
 */
export type Choice = 'lang' | 'theme' | 'hand' | 'haptics' | 'near' | 'install';
type Keep = (what: Choice, value: string | null) => Promise<void>;

const memory = new Map<string, string>();
let keep: Keep = () => Promise.resolve();

/** What was chosen, or null. */
export function chosen(what: Choice): string | null {
  try {
    // eslint-disable-next-line no-restricted-globals -- read before the first paint; the journal answers too late for that
    return localStorage.getItem(`lofteslogg.${what}`) ?? memory.get(what) ?? null;
  } catch {
    return memory.get(what) ?? null;
  }
}

/** Keeps a choice; null forgets it. It is in use at once, and safe from a kill when this resolves. */
export async function choose(what: Choice, value: string | null): Promise<void> {
  put(what, value);
  await keep(what, value).catch(() => undefined);
}

/** Takes over what was kept durably, and keeps there what is chosen from now on. True when something had been lost. */
export function adopt(kept: Record<string, string | null>, by: Keep): boolean {
  keep = by;
  const lost = Object.entries(kept).filter(([what, value]) => chosen(what as Choice) !== value);
  for (const [what, value] of lost) put(what as Choice, value);
  return lost.length > 0;
}

function put(what: Choice, value: string | null): void {
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
