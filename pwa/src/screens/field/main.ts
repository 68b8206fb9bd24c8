import '../../style/tokens.css';
import '../../style/ui.css';
import { mount } from 'svelte';
import Field from './Field.svelte';

const target = document.getElementById('root');
if (!target) throw new Error('app/index.html has no #root');

mount(Field, { target });
if ('serviceWorker' in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register('/app/sw.js', { scope: '/app/', updateViaCache: 'none' });
}
