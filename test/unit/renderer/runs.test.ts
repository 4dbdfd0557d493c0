import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contract.ts';
import { parseFilter } from '../../../renderer/lib/filter.ts';
import {
  differences,
  differingParameters,
  groupRuns,
  latestComparable,
  namesTogether,
  shortLabels,
} from '../../../renderer/lib/runs.ts';
import { baselinesOf, rowsOf } from '../../../renderer/runs/rows.ts';
import { like, runNamed, standingRuns } from '../../windows/standing.ts';

const all = standingRuns();
const mf = runNamed('MF epochs 8');
const named = (runs: readonly Run[]) => runs.map((run) => run.name);
const found = (text: string) => named(all.filter((run) => parseFilter(text).matches(run)));

describe('the filter text', () => {
  it('joins fields, figures and words by "and"', () => {
    expect(new Set(found('model:bpr tag:good'))).toEqual(new Set(['BPR k32 epochs 12']));
    expect(found('ndcg>0.102')).toEqual(['Caser epochs 4']);
    expect(found('embeddingSize<=32 model:bpr')).toHaveLength(4);
    expect(found('interrupted')).toEqual([]);
    expect(found('status:interrupted')).toEqual(['Caser L9']);
  });
  it('excludes with a minus sign', () => {
    expect(found('-is:baseline').some((name) => name === 'Popularity')).toBe(false);
    expect(found('-is:baseline').length + found('is:baseline').length).toBe(all.length);
  });
  it('says what it cannot read, and shows no fewer runs for it', () => {
    expect(parseFilter('colour:red').problem).toMatch(/no field “colour”/);
    expect(parseFilter('ndcg>much').problem).toMatch(/needs a number/);
    expect(found('colour:red')).toHaveLength(all.length);
  });
});

describe('groups of seeds', () => {
  it('hold runs that differ by seed alone, with mean and standard deviation', () => {
    const caser = groupRuns(all, 'ndcg@10', true).find(
      (group) => group.runs.length === 3 && group.lead.model === 'caser',
    );
    expect(caser?.runs.map((run) => run.seed)).toEqual([1, 2, 3]);
    const [a, b, c] = (caser?.runs ?? []).map((run) => run.metrics.test['ndcg@10'] ?? 0);
    const mean = (a + b + c) / 3;
    expect(caser?.mean).toBeCloseTo(mean, 10);
    expect(caser?.sd).toBeCloseTo(Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2), 10);
    expect(caser?.lead.seed).toBe(1);
  });
  it('leave a single value without a deviation', () => {
    const ease = groupRuns(all, 'ndcg@10', true).find((group) => group.lead.model === 'ease');
    expect(ease?.sd).toBeNull();
  });
});

describe('differences', () => {
  it('name only what is not the same', () => {
    const pair = [runNamed('BPR k32 epochs 12'), runNamed('BPR k16 epochs 12')];
    expect(differences(pair).map((row) => row.name)).toEqual(['embedding size']);
  });
  it('find the hyper-parameters that vary within a model', () => {
    expect(differingParameters(all.filter((run) => run.model === 'bpr'))).toEqual(
      expect.arrayContaining(['embeddingSize', 'learningRate']),
    );
    expect(differingParameters(all.filter((run) => run.model === 'neumf'))).toEqual([]);
  });
  it('number runs of the same model in short labels', () => {
    const [a, b] = all.filter((run) => run.model === 'bpr');
    const caser = all.find((run) => run.model === 'caser');
    expect(shortLabels([a, b, caser as Run])).toEqual([`BPR ${a?.number}`, `BPR ${b?.number}`, 'Caser']);
    expect(namesTogether([a, b, caser as Run])).toEqual(shortLabels([a, b, caser as Run]));
    expect(
      namesTogether([
        { ...a, name: 'wide' },
        { ...b, name: 'deep' },
      ]),
    ).toEqual(['wide', 'deep']);
  });
});

describe('the two latest runs to compare', () => {
  it('have the same candidates as well as data and split', () => {
    const [first, second, third] = [1, 2, 3].map((number) => {
      const run = like(mf, number, { name: `r${number}` });
      return { ...run, fingerprint: 'f', split: { name: 'random', hash: 's' } };
    });
    const evaluation = { ...first.config.evaluation, keepSeen: true };
    const seen = { ...third, config: { ...third.config, evaluation } };
    expect(latestComparable([first, second, third])).toEqual([third, second]);
    expect(latestComparable([first, second, seen])).toEqual([second, first]);
    expect(latestComparable([first, seen])).toBeNull();
  });
});

describe('rows of the table', () => {
  const rows = rowsOf(all, all, 'ndcg@10', true, { column: 'metric', descending: true });
  it('go from the best to the worst, runs without a value last', () => {
    const values = rows.flatMap((row) => row.value ?? []);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(rows.at(-1)?.value).toBeNull();
  });
  it('are set against the best baseline of their data and split', () => {
    const value = (name: string) => runNamed(name).metrics.test['ndcg@10'] ?? 0;
    const below = value('ItemKNN') - value('EASE');
    expect(baselinesOf(all, 'ndcg@10').size).toBe(1);
    expect(rows.find((row) => row.isBaseline)?.lead.name).toBe('EASE');
    expect(rows.find((row) => row.lead.name === 'ItemKNN')?.versus).toBeCloseTo(below, 10);
  });
  it('put the smallest error first for a metric where less is better', () => {
    const errors = [0.93, 0.91, 0.95].map((rmse, index) => {
      const run = like(mf, index + 1, { name: `r${index}` });
      return { ...run, metrics: { validation: {}, test: { rmse } } };
    });
    const sorted = rowsOf(errors, errors, 'rmse', false, { column: 'metric', descending: true });
    expect(sorted.map((row) => row.value)).toEqual([0.91, 0.93, 0.95]);
  });
});
