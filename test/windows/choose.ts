/**
 * Takes the place of renderer/transport/choose.ts where the windows are built over the stand-in; the address says how it is, and
 * tests read `window.asked`, the methods that were called, and `window.opened`, the pages outside.
 */
import type { Host } from '../../renderer/transport/host.ts';
import { standInHost } from './stand-in.ts';

export function chooseHost(): Host {
  const query = new URLSearchParams(location.search);
  const host = standInHost({
    empty: query.has('empty'),
    extraRuns: Number(query.get('runs') ?? 0),
    trials: Number(query.get('trials') ?? 0),
    sweeping: query.has('sweeping'),
    unlike: query.has('unlike'),
    contest: query.has('contest'),
    tick: Number(query.get('tick') ?? 0),
    theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    offline: query.has('offline'),
    refused: query.getAll('refuse'),
    commands: query.getAll('open').map((path) => ({ do: 'open', path })),
  });
  Object.assign(window, { asked: host.asked, opened: host.opened });
  return host;
}
