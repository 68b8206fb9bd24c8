/** The entry of the field app. With `?fake=<scene>` a development server shows the screens without a journal or a network. */
import '../../style/tokens.css';
import '../../style/ui.css';
import '../../style/field.css';
import { start, takeCode } from './start';

const code = takeCode();
const scene = import.meta.env.DEV ? new URLSearchParams(location.search).get('fake') : null;
if (scene !== null) {
  const { FakeField, scenes } = await import('./fake');
  await start(new FakeField(scenes(scene)), code);
}
