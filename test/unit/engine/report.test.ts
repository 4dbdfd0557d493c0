import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../main/evaluation/compare/compare.ts';
import type { ReportFacts } from '../../../main/engine/report/facts.ts';
import { reportHtml } from '../../../main/engine/report/report-html.ts';
import { root } from '../../../main/setup/sources.ts';
import type { Dataset, Run } from '../../../shared/contract.ts';
import { comparedRun } from '../evaluation/runs.ts';

const hostile = `</title><script>alert("1")</script><img src=x onerror='y'>&`;
const base = Array.from({ length: 60 }, (_, u) => (u % 7) / 7);
const compared = [
  comparedRun('r1', { 'ndcg@10': base }, { name: hostile, datasetName: hostile }),
  comparedRun('r2', { 'ndcg@10': base.map((x) => x + 0.1) }, { model: 'caser', name: 'Caser' }),
];

function facts(): ReportFacts {
  const result = compareRuns(compared, null, { metric: 'ndcg@10', force: false });
  const units = compared.map(({ run }, at) => ({
    id: run.id,
    look: { label: result.runs[at].label, slot: at + 1 },
    members: [
      {
        run: { ...run, tags: [hostile], note: hostile, bestEpoch: 1, finishedAt: 0 } as Partial<Run> as Run,
        epochs: [1, 2].map((epoch) => ({
          epoch,
          loss: 1 / epoch,
          seconds: 1,
          validation: { 'ndcg@10': 0.1 * epoch },
        })),
      },
    ],
  }));
  const dataset = { name: hostile, users: 60, items: 9, ratings: 300, timeSpan: null, fingerprint: 'f1' };
  return {
    result,
    exposure: null,
    units,
    datasets: [dataset as Partial<Dataset> as Dataset],
    versions: { app: '1.2.3' },
    madeAt: 0,
  };
}

describe('a report', () => {
  const html = reportHtml(facts());

  it('lets no text of data become markup or script', () => {
    expect(html).not.toMatch(/<script>|<img|<\/title><script/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)');
  });

  it('fetches nothing and allows its one style alone', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).toContain(`style-src &#39;sha256-${hash}&#39;`);
    expect(html).not.toMatch(/ style="/);
    // The one address is the name of a namespace.
    const addresses = [...html.matchAll(/https?:\/\/[^"'\s<)]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(html).not.toMatch(/<(link|iframe|object|embed|base)\b|@import|url\(/);
  });

  it('holds the verdict, and every figure whole for programs', () => {
    const { result } = facts();
    expect(html).toContain('beats');
    const data = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    const held = JSON.parse(data) as { comparison: typeof result; runs: { run: Run }[] };
    expect(held.comparison.pairs).toEqual(result.pairs);
    expect(held.runs.map(({ run }) => run.name)).toEqual([hostile, 'Caser']);
  });

  it('has all its parts, with the data behind each chart', () => {
    for (const part of [
      'Verdict',
      'Metrics',
      'Charts',
      'Configuration',
      'Data and protocol',
      'Runs, seeds and environment',
      'Definitions',
    ])
      expect(html).toContain(`>${part}</h2>`);
    const charts = html.match(/<figure>/g)?.length ?? 0;
    expect(charts).toBeGreaterThan(2);
    expect(html.match(/<summary>Data, \d+ rows<\/summary>/g)).toHaveLength(charts);
    expect(html).not.toMatch(/NaN|undefined|\[object/);
  });

  it('has the colours of the windows in both themes', () => {
    const tokens = readFileSync(join(root, 'renderer', 'styles', 'tokens.css'), 'utf8');
    const [light, dark] = tokens
      .split("[data-theme='dark']")
      .map(
        (text) =>
          new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])),
      );
    const inReport = (at: number): [string, string][] =>
      [
        ...(html.match(/color-scheme:(light|dark);[^}]*/g) ?? [])[at].matchAll(/--([\w-]+):(#[0-9a-f]{6})/g),
      ].map(([, name, value]) => [name, value]);
    for (const [name, value] of inReport(0)) expect([name, light.get(name)]).toEqual([name, value]);
    for (const [name, value] of inReport(1)) expect([name, dark.get(name)]).toEqual([name, value]);
  });
});
