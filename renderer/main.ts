import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/tables.css';
import './styles/charts.css';
import { setHost } from './state/engine-api.ts';
import { session } from './state/session.svelte.ts';
import { chooseHost } from './transport/choose.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
setHost(chooseHost());
mount(App, { target });
await session.start();
