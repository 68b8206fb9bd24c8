import '../../style/tokens.css';
import '../../style/ui.css';
import '../../style/desk.css';
import { mount } from 'svelte';
import Desk from './Desk.svelte';

const target = document.getElementById('root');
if (!target) throw new Error('desk/index.html has no #root');

mount(Desk, { target });
