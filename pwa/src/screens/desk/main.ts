/** Starts the desk: looks and language before anything is drawn, and the code out of the address before anything else. */
import '../../style/tokens.css';
import '../../style/ui.css';
import '../../style/desk.css';
import './own.css';
import { mount } from 'svelte';
import { deskApi } from '../../api/desk';
import { startLanguage } from '../../text';
import Desk from './Desk.svelte';
import { codeIn, Nav } from './nav.svelte';
import { dress } from './theme';

const nav = new Nav();
const code = codeIn(nav.takeFragment());
const target = document.getElementById('root');
if (!target) throw new Error('desk/index.html has no #root');

dress();
await startLanguage();
mount(Desk, { target, props: { api: deskApi(), nav, code } });
