/** The frame of a report: one HTML file that fetches nothing, in light and dark, on screen and on paper. */
import { createHash } from 'node:crypto';
import { element, escapeMarkup } from '../../../shared/figures/svg.ts';

const light = {
  base: '#ffffff',
  raised: '#f6f7f9',
  active: '#e8ebf0',
  line: '#e1e4e9',
  'line-2': '#cdd2da',
  'line-3': '#7a828e',
  t1: '#1a1d23',
  t2: '#4a515c',
  t3: '#626a77',
  accent: '#2a56c6',
  neg: '#b3261e',
  warn: '#855100',
  grid: '#e9ebef',
  axis: '#7a828e',
};
const dark: typeof light = {
  base: '#15181c',
  raised: '#1c2026',
  active: '#272d36',
  line: '#282e36',
  'line-2': '#3a424d',
  'line-3': '#6d7683',
  t1: '#e7e9ed',
  t2: '#b0b7c3',
  t3: '#9099a6',
  accent: '#8fb0ff',
  neg: '#ff938a',
  warn: '#e7b04f',
  grid: '#23282f',
  axis: '#6d7683',
};
/** One palette for both themes, so that a figure keeps its colours. */
const runColors = ['#1a76c6', '#d55e00', '#009470', '#b05090', '#238fbe', '#96650c', '#8e8a12', '#808894'];

const variables = (tokens: typeof light): string =>
  Object.entries(tokens)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

const style = `
:root{color-scheme:light;${variables(light)};${runColors.map((color, at) => `--r${at + 1}:${color}`).join(';')}}
@media (prefers-color-scheme:dark){:root:not(:has(#theme-light:checked)){color-scheme:dark;${variables(dark)}}}
:root:has(#theme-dark:checked){color-scheme:dark;${variables(dark)}}
@media print{:root:root:root{color-scheme:light;${variables(light)}}.theme{display:none}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px;max-width:1180px;background:var(--base);color:var(--t1);
font:13px/20px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:16px;line-height:24px;margin:0}h2{font-size:14px;line-height:20px;margin:32px 0 8px}
h3{font-size:13px;line-height:20px;margin:16px 0 4px}h1,h2,h3,b,dt{font-weight:600}
p{margin:0 0 8px;max-width:80ch;overflow-wrap:anywhere}.small{font-size:12px;line-height:16px;color:var(--t2)}
header{display:flex;gap:24px;align-items:flex-start;justify-content:space-between;border-bottom:1px solid var(--line);padding-bottom:12px}
.verdict{font-size:14px;line-height:22px}
.wide{overflow-x:auto;max-width:100%}.wide:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;min-width:50%}caption{text-align:left;color:var(--t3);font-size:12px;padding:4px 0}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);text-align:left;font-weight:400;vertical-align:top;
max-width:420px;overflow-wrap:break-word}
thead th{color:var(--t2);font-size:12px;max-width:170px;vertical-align:bottom}tbody th{min-width:120px}tbody th:first-child{position:sticky;left:0;background:var(--base)}
th.n,td.n{text-align:right}td.n{white-space:nowrap}td.n svg{vertical-align:middle}.best{font-weight:600}
tr.marked th,tr.marked td{background:var(--raised)}
figure{margin:16px 0}figure svg{display:block;max-width:100%;height:auto}figcaption{font-size:12px;color:var(--t2)}
ul{margin:0;padding-left:20px}li.error{color:var(--neg)}li.warning{color:var(--warn)}
details{margin:8px 0}summary{cursor:pointer;color:var(--accent);width:fit-content}
dl{display:grid;grid-template-columns:fit-content(180px) minmax(0,1fr);gap:4px 16px}dd{margin:0;overflow-wrap:anywhere}
code,pre{font:12px/18px ui-monospace,'SF Mono','Cascadia Mono',Consolas,'DejaVu Sans Mono',monospace}
pre{overflow:auto;max-height:360px;background:var(--raised);padding:8px}
.theme{border:0;padding:0;margin:0;display:flex;gap:12px;font-size:12px;color:var(--t2)}
.key{display:inline-flex;gap:6px;align-items:center}.key svg{flex:none}td .key,tbody .key{white-space:nowrap}
`;

/** Nothing but the style above; no script, and nothing from anywhere. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'none'; base-uri 'none'`;

const themes = element(
  'fieldset',
  { class: 'theme', 'aria-label': 'Theme' },
  ...['System', 'Light', 'Dark'].map((name, at) =>
    element(
      'label',
      {},
      element('input', {
        type: 'radio',
        name: 'theme',
        id: `theme-${name.toLowerCase()}`,
        checked: at === 0 ? 'checked' : undefined,
      }),
      ` ${name}`,
    ),
  ),
);

/**
 * @param title plain text
 * @param parts markup
 * @param data kept in the file for programs, under the id `data`
 */
export function page(title: string, about: string, parts: readonly string[], data: unknown): string {
  // A block of data ends at the first "</script": no "<" is left in it.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }).replace('/>', '>'),
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><style>${style}</style></head><body>`,
    element(
      'header',
      {},
      element(
        'div',
        {},
        element('h1', {}, escapeMarkup(title)),
        element('p', { class: 'small' }, escapeMarkup(about)),
      ),
      themes,
    ),
    `<main>${parts.join('\n')}</main>`,
    `<script type="application/json" id="data">${json}</script></body></html>\n`,
  ].join('\n');
}

/** Colours of a chart in the page. */
export const pageInk = (token: string): string => `var(--${token})`;
