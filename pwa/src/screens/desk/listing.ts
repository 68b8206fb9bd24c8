/** Gets as many entries as a page shows, in as few questions as the API allows, so that a list keeps its length when it is asked for anew. */
import type { Answer, DeskApi, DeskEntry, EntriesQuery, EntriesReply } from '../../api/desk';
import { d } from '../../text/desk';

export const PAGE = 100;
const MOST = 500;

/** At least this many entries from the newest on, or all there are; `next` is there when there are more. */
export async function gather(
  api: Pick<DeskApi, 'entries'>,
  query: EntriesQuery,
  atLeast: number,
): Promise<Answer<EntriesReply>> {
  const found = new Map<string, DeskEntry>();
  for (let after: string | undefined; ;) {
    const limit = Math.min(MOST, Math.max(1, atLeast - found.size));
    const page = await api.entries({ ...query, limit, ...(after !== undefined && { after }) });
    if (!page.ok) return page;
    for (const e of page.value.entries) found.set(e.e, e); // one that was moved meanwhile may come on two pages
    after = page.value.next;
    if (after === undefined || found.size >= atLeast || page.value.entries.length === 0) {
      return { ok: true, value: { ...page.value, entries: [...found.values()] } };
    }
  }
}

/** What a list amounts to, in sentences: what counts, and when all are here how they came. */
export function summaryOf(of: EntriesReply): string {
  if (of.next !== undefined) return d('e.total', { n: of.total });
  const rows = of.entries.filter((e) => !e.flags.includes('voided')).length;
  // An entry may count as several: three meetings that were logged at once.
  const total =
    rows === of.total
      ? d('e.total', { n: rows })
      : d('e.countsAs', { entries: d('entries', { n: rows }), total: of.total });
  const having = (flag: DeskEntry['flags'][number]) => of.entries.filter((e) => e.flags.includes(flag)).length;
  const [edited, late, voided] = [having('edited'), having('late'), having('voided')];
  const more = [
    edited ? d('e.edited', { n: edited }) : '',
    late ? d('e.late', { n: late }) : '',
    voided ? d('e.voided', { n: voided }) : '',
  ];
  const said = more.filter(Boolean).join(', ');
  return said ? `${total} ${said}.` : total;
}
