/**
 * Light or dark, as chosen here, else as the system has it. The choice is shared with the phone's on the same computer, where
 * night is a dark and sun a light: the desk has only the two.
 */
import { choose, chosen } from '../../text';

export type Theme = 'light' | 'dark';

/** What is shown now. */
export function theme(): Theme {
  const wish = chosen('theme');
  if (wish !== null) return wish === 'dark' || wish === 'night' ? 'dark' : 'light';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Puts on what was chosen. Call before the first paint. */
export function dress(): void {
  if (chosen('theme') === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme();
}

/** Changes to the other one and remembers it. */
export function turn(): Theme {
  void choose('theme', theme() === 'dark' ? 'light' : 'dark');
  dress();
  return theme();
}
