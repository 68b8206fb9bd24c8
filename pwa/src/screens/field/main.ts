/**
 * The entry of the field app: the code of a link out of the address bar before anything else, then the journal, then the
 * screens. With `?fake=<scene>` a development server shows them without a journal or a network.
 */
import '../../style/tokens.css';
import '../../style/ui.css';
import '../../style/field.css';
import type { FieldApp } from '../../domain/app';
import { browserSurroundings } from '../../sync/browser';
import { openField } from '../../sync/field';
import { hold } from './held';
import { start, takeCode } from './start';
import { version } from './version';

async function app(): Promise<FieldApp> {
  const scene = import.meta.env.DEV ? new URLSearchParams(location.search).get('fake') : null;
  if (scene === null) return openField(browserSurroundings(version));
  const { FakeField, scenes } = await import('./fake');
  return new FakeField(scenes(scene));
}

addEventListener('beforeinstallprompt', hold);
const code = takeCode();
void start(app(), code);
