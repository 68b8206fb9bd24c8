/** The rescue file, handed to the phone. */
import type { FieldApp } from '../../domain/app';
import { tm } from '../../text/more';

/** Some browsers read a file only after the click is over. */
const READ_MS = 60_000;

/** Saves the person's unsent and kept entries as a file; gives what to say of it. */
export async function saveRescue(app: FieldApp): Promise<string> {
  try {
    const file = await app.rescue();
    const address = URL.createObjectURL(new Blob([file.text], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), READ_MS);
    return tm('rescue.done', { n: file.count });
  } catch {
    return tm('rescue.not');
  }
}
