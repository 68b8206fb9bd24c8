/** Rescue files, handed to the phone and taken from it, with what to say of it. */
import type { FieldApp, RescueRead } from '../../domain/app';
import { civil, clockTime, dayShort } from '../../text';
import { tm } from '../../text/more';

/** Some browsers read a file only after the click is over. */
const READ_MS = 60_000;

/** Saves all that is kept on the phone as a file; gives what to say of it. */
export async function saveRescue(app: FieldApp): Promise<string> {
  try {
    const file = await (await app.proof()).rescue.file();
    const address = URL.createObjectURL(new Blob([file.text], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), READ_MS);
    const unsent = file.unsent > 0 ? [tm('rescue.unsent', { n: file.unsent })] : [];
    return [tm('rescue.done', { n: file.count }), ...unsent, tm('rescue.see')].join(' '); // nobody tells a page whether it was kept
  } catch {
    return tm('rescue.not');
  }
}

/** What to say of a file that was chosen. `well`: it is on the phone, all of it. */
export type Said = { words: string; well: boolean };

/** Reads a file that a person chose. */
export async function readRescueFile(app: FieldApp, file: Pick<Blob, 'text'>, now: number): Promise<Said> {
  try {
    const [{ rescue }, text] = await Promise.all([app.proof(), file.text()]);
    return said(await rescue.read(text), now);
  } catch {
    return { words: tm('rescue.storage'), well: false }; // the file is gone, or the phone does not give it
  }
}

function said(read: RescueRead, now: number): Said {
  if (!read.ok) return { words: tm(`rescue.${read.reason}`), well: false };
  const made = civil(read.made);
  const words = [
    read.fresh > 0 ? tm('rescue.fresh', { n: read.fresh }) : '',
    read.others > 0 ? tm('rescue.others', { n: read.others }) : '',
    read.fresh === 0 && read.clash === 0 ? tm('rescue.known') : '',
    read.clash > 0 ? tm('rescue.clash', { n: read.clash }) : '',
    tm('rescue.made', { time: `${dayShort(made, civil(now))} ${clockTime(made)}` }),
  ];
  return { words: words.filter(Boolean).join(' '), well: read.clash === 0 };
}
