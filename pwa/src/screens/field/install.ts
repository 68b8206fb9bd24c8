/**
 * The place on the phone's home screen: whether the app has it, how one gets it here, and when to offer it. Offered at home, once
 * something was received; who says not now is left alone for a month.
 */
import { choose, chosen } from '../../text';
import { held } from './held';
import { screen } from './later';
import type { Shell } from './shell.svelte';

const ASK_AGAIN_MS = 30 * 86_400_000;

/** How the app comes to the home screen: it is there, by the browser's own question, by Safari's way, or by some menu. */
export type Way = 'there' | 'ask' | 'ios' | 'menu';

export function way(): Way {
  const { standalone, platform, maxTouchPoints, userAgent } = navigator as Navigator & { standalone?: boolean };
  if (standalone === true || matchMedia('(display-mode: standalone)').matches) return 'there';
  if (held.offer) return 'ask';
  const pad = platform === 'MacIntel' && maxTouchPoints > 1; // an iPad that says it is a Mac
  return pad || /iPhone|iPad|iPod/.test(userAgent) ? 'ios' : 'menu';
}

/** Puts the browser's question. Whatever is answered, it can be put only once. */
export async function ask(): Promise<void> {
  const { offer } = held;
  held.offer = null;
  const answer = await offer?.prompt();
  if (answer?.outcome === 'dismissed') await later();
}

/** Not now: not again for a month. */
export const later = async (): Promise<void> => choose('install', String(Date.now()));

/** Whether this is a moment to offer it: something was received, and it was not turned down lately. */
function isTime(s: Shell): boolean {
  const asked = Number(chosen('install') ?? 0);
  const received = s.snap.entries.some((e) => e.mine && e.state === 'received');
  return received && Date.now() - asked > ASK_AGAIN_MS && ['ask', 'ios'].includes(way());
}

/** Gives home the offer when it is time, and takes it away when somebody else is in. */
export function watch(s: Shell): () => void {
  return s.app.subscribe(() => {
    if (!isTime(s)) s.offer = null;
    else if (!s.offer)
      void screen('install')
        .then(({ default: offer }) => (s.offer = offer))
        .catch(() => undefined);
  });
}
