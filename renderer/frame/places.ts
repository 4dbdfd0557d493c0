import CirclePlus from '@lucide/svelte/icons/circle-plus';
import Columns from '@lucide/svelte/icons/square-split-horizontal';
import Database from '@lucide/svelte/icons/database';
import List from '@lucide/svelte/icons/list';
import Sliders from '@lucide/svelte/icons/sliders-horizontal';
import UserSearch from '@lucide/svelte/icons/user-search';
import type { Screen } from '../state/ui.svelte.ts';

/** The screens in the order of the rail and of Ctrl+1 … Ctrl+6. */
export const places: readonly { screen: Screen; title: string; icon: typeof Database }[] = [
  { screen: 'datasets', title: 'Datasets', icon: Database },
  { screen: 'new-run', title: 'New run', icon: CirclePlus },
  { screen: 'runs', title: 'Runs', icon: List },
  { screen: 'compare', title: 'Compare', icon: Columns },
  { screen: 'inspect', title: 'Inspect', icon: UserSearch },
  { screen: 'settings', title: 'Settings', icon: Sliders },
];

/** Ctrl, or ⌘ where the keyboard has one. */
export const modifier = /Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
