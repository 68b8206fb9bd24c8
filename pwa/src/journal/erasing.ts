/**
 * What was erased on the server goes from everything that the phone keeps: own events, drafts, and the cached states of everyone here,
 * of whom only the one who is in will be sent them anew.
 */
import type { Draft } from '../domain/app';
import { withoutValues } from '../domain/erased';
import { Cache } from './cache';
import type { Outbox } from './outbox';
import { everyPerson, type Person } from './schema';

/** Erases events by id, and all that belongs to `entities`. Broken off, it may be done again. */
export async function erase(outbox: Outbox, ids: readonly string[], entities: readonly string[]): Promise<void> {
  if (ids.length === 0 && entities.length === 0) return;
  const gone = new Set(ids);
  await eraseOwn(outbox, gone, new Set(entities));
  const persons = (await outbox.db.run((db) => db.getAll('small', everyPerson()))) as Person[];
  for (const { account } of persons) await strip(new Cache(outbox.town, account), gone);
}

async function eraseOwn(outbox: Outbox, gone: ReadonlySet<string>, touched: Set<string>): Promise<void> {
  await outbox.db.write(['events', 'drafts'], async (tx) => {
    const [events, drafts] = [tx.objectStore('events'), tx.objectStore('drafts')];
    const rows = (await events.getAll()).filter(({ id, e }) => gone.has(id) || touched.has(e));
    for (const { e } of rows) touched.add(e);
    for (const row of rows) await events.put({ ...row, bytes: '', state: 'erased' });
    for (const draft of await drafts.getAll()) if (holds(draft, gone, touched)) await drafts.delete(draft.id);
  });
}

/** Whether a draft says what was erased: it corrects that entry, or was begun with such a value in sight. */
function holds({ e, base }: Draft, gone: ReadonlySet<string>, touched: ReadonlySet<string>): boolean {
  return (e !== null && touched.has(e)) || Object.values(base).some((ids) => ids.some((id) => gone.has(id)));
}

/** What is left is what the server will send, so it is right whether the states are from before the erasing or after. */
async function strip(cache: Cache, gone: ReadonlySet<string>): Promise<void> {
  const work = cache.db.write(['entities'], async (tx) => {
    const entities = tx.objectStore('entities');
    for (const entity of await entities.getAll()) {
      const st = entity.st && withoutValues(entity.st, gone);
      if (st !== entity.st) await entities.put({ ...entity, st });
    }
  });
  await work.finally(() => cache.db.close());
}
