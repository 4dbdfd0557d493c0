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
import { browserHost } from './transport/browser.ts';
import { electronHost } from './transport/electron.ts';
import type { Host } from './transport/host.ts';

/** `vite build --mode fake` takes the engine in memory; other builds do not hold it. */
async function chooseHost(): Promise<Host> {
  if (import.meta.env.MODE === 'fake') {
    const { fakeHost } = await import('./transport/fake/host.ts');
    const query = new URLSearchParams(location.search);
    return fakeHost({
      empty: query.has('empty'),
      extraRuns: Number(query.get('runs') ?? 0),
      tick: Number(query.get('tick') ?? 0),
      theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    });
  }
  return window.workbench ? electronHost(window.workbench) : browserHost();
}

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
setHost(await chooseHost());
mount(App, { target });
await session.start();
