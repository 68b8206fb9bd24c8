/** The slips of the one who is in: what this phone has of theirs, beside what the server says. */
import { askSlip, daysOf, eventsOf } from '../api/slip';
import type { Net } from '../api/http';
import type { Slips } from '../domain/app';
import { dayOfMillis } from '../domain/local';
import { isCarried, type OwnEvent, readRow } from '../domain/row';
import { dayOfOwn, linesOf, type ServerDay, type SlipDay, sumOfIds } from '../domain/slip';
import { order } from '../domain/state';
import type { Session } from './session';

/** So many days back. What was answered is kept for 60, so all of these are whole on the phone. */
const DAYS = 14;
const DAY_MS = 86_400_000;

/** What can be asked of slips. */
export const slipsOf = (session: Session, net: Net): Slips => ({
  days: () => allDays(session, net),
  async lines(inc, day) {
    const reply = await askSlip(net, session.person.token, inc, day, day);
    if (!reply.ok) return null;
    const events = (await ownOf(session)).get(inc) ?? [];
    const rows = events.filter((event) => dayOfOwn(event) === day).map(({ row }) => row);
    return linesOf(rows, eventsOf(reply.body));
  },
});

async function allDays(session: Session, net: Net): ReturnType<Slips['days']> {
  const [from, to] = [dayOfMillis(net.now() - (DAYS - 1) * DAY_MS), dayOfMillis(net.now())];
  const asked = [...(await ownOf(session))].map(async ([inc, events]) => {
    const reply = await askSlip(net, session.person.token, inc, from, to);
    const since = events.filter((event) => dayOfOwn(event) >= from);
    return { ok: reply.ok, days: await bothOf(inc, since, reply.ok ? daysOf(reply.body) : null) };
  });
  const all = await Promise.all(asked);
  const days = all.flatMap((one) => one.days).sort((a, b) => order(b.day, a.day) || order(a.inc, b.inc));
  return { reached: all.every(({ ok }) => ok), days };
}

/**
 * What the one who is in saved here, by installation: the one they have now, and those they had. What came from another phone's
 * rescue file is on that phone's slip.
 */
async function ownOf({ outbox, person }: Session): Promise<Map<string, OwnEvent[]>> {
  const events = (await outbox.rows()).map(readRow);
  const incs = events
    .filter(({ row, event }) => event?.by === person.account && !isCarried(row))
    .map(({ row }) => row.inc);
  const all = [...new Set([person.inc, ...incs])];
  return new Map(all.map((inc) => [inc, events.filter(({ row }) => row.inc === inc)]));
}

async function bothOf(inc: string, own: readonly OwnEvent[], server: readonly ServerDay[] | null): Promise<SlipDay[]> {
  const days = new Set([...own.map(dayOfOwn), ...(server ?? []).map(({ day }) => day)]);
  const none = { n: 0, sum: await sumOfIds([]) };
  return Promise.all(
    [...days].map(async (day) => {
      const ids = own.filter((event) => dayOfOwn(event) === day).map(({ row }) => row.id);
      const nothing: ServerDay = { day, received: none, counted: none, missing: [] };
      const said = server && (server.find((one) => one.day === day) ?? nothing);
      return { inc, day, created: { n: ids.length, sum: await sumOfIds(ids) }, server: said };
    }),
  );
}
