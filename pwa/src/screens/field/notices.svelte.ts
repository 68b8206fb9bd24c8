/** What home has to say above all else. Fetched after the first screen is drawn; what it finds is looked at again with each change. */
import type { Loss } from '../../domain/app';
import { urgency } from '../../parts/pill';
import { isTime } from './install';
import { screen } from './later';
import { storageWords } from './sending';
import type { Shell } from './shell.svelte';

type Notices = { full: boolean; old: 'amber' | 'red' | null; install: boolean };

class Noticed {
  /** What was lost with the storage; null when nothing was, or somebody has read it. */
  loss = $state.raw<Loss | null>(null);
  /** How far the clock is ahead, ms, where that is so far that it must be said; otherwise 0. */
  ahead = $state(0);

  of(s: Shell): Notices {
    return { full: storageWords(s.snap.storage).full, old: oldOf(s), install: isTime(s) };
  }
}

/** While it is being sent, or wants a sign-in, other words tell of it. */
function oldOf({ snap: { sync }, now }: Shell): Notices['old'] {
  if (sync.unsent === 0 || sync.phase === 'signin' || sync.phase === 'sending') return null;
  const tone = urgency(sync, now);
  return tone === 'red' || tone === 'amber' ? tone : null;
}

export const noticed = new Noticed();

/** A clock that is so wrong is to be put right: from here the desk looks at the times that were written by it, too. */
const WRONG = 10 * 60_000;

/** Gives home what there is to say, and takes it away when there is nothing. */
export function watch(s: Shell): () => void {
  const look = () => {
    const { full, old, install } = noticed.of(s);
    if (!full && !old && !install && !noticed.loss && noticed.ahead === 0) s.offer = null;
    else if (!s.offer)
      void screen('notices')
        .then(({ default: notices }) => (s.offer = notices))
        .catch(() => undefined);
  };
  void s.app
    .door()
    .then((door) => door.lost())
    .then((loss) => {
      noticed.loss = loss;
      look();
    })
    .catch(() => undefined);
  let sentAt: number | null = null;
  return s.app.subscribe(({ sync }) => {
    look();
    if (sync.allSentAt === sentAt) return;
    sentAt = sync.allSentAt; // the server was spoken to: it said what time it is
    void clock().catch(() => undefined);
  });

  async function clock(): Promise<void> {
    const ahead = await s.app.door().then((door) => door.clockAhead());
    noticed.ahead = Math.abs(ahead) > WRONG ? ahead : 0;
    look();
  }
}
