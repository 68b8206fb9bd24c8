/** Puts on what was chosen: `data-theme` on the page, which tokens.css reads; none follows the phone. Call before the first paint. */
import { chosen } from '../../text';

export function dress(): void {
  const theme = chosen('theme');
  if (theme === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
