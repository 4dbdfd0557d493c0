import { describe, expect, it } from 'vitest';
import { filesNamed } from '../../../main/shell/browser/files-named.ts';
import { methods } from '../../../shared/contract.ts';

const named = (method: string, params: unknown): unknown[] =>
  filesNamed(method, params).map(({ use, path }) => [use, path]);

describe('the files that a request names', () => {
  it('are found wherever the contract has them, with what is done with them', () => {
    const settings = { items: '/items.csv', rejectsOut: '/rejects.csv', member: 'ratings.csv' };
    expect(named('import.start', { path: '/ratings.csv', name: 'r', settings })).toEqual([
      ['read', '/ratings.csv'],
      ['read', '/items.csv'],
      ['written', '/rejects.csv'],
    ]);
    expect(named('runs.export', { run: 'r', files: { lists: '/lists.csv', ranks: 7 } })).toEqual([
      ['written', '/lists.csv'],
      ['written', 7],
    ]);
    expect(named('import.split', { name: 's', train: '/a', test: '/b', negatives: '/c' })).toHaveLength(3);
  });

  it.each([
    ['runs.import', 'read'],
    ['capsules.import', 'read'],
    ['storage.restore', 'read'],
    ['datasets.attachItems', 'read'],
    ['capsules.export', 'written'],
    ['runs.exportWeights', 'written'],
    ['datasets.exportSplit', 'written'],
    ['storage.backup', 'written'],
    ['report', 'written'],
  ])('of %s are %s', (method, use) => {
    expect(named(method, { path: '/x' })).toEqual([[use, '/x']]);
  });

  it('are none of what is no request of the contract', () => {
    for (const params of [undefined, null, 7, [], 'x', { path: null }, { settings: 'x' }])
      expect(named('import.check', params)).toEqual([]);
    expect(named('constructor', { path: '/x' })).toEqual([]);
  });

  it('leave no path of the contract without a use but the folder that data move to', () => {
    const plain = Object.entries(methods).filter(
      ([method]) => method !== 'storage.move' && named(method, { path: '/x', to: '/x' }).length === 0,
    );
    const taking = plain.filter(([, [schema]]) => 'entries' in schema && 'path' in schema.entries);
    expect(taking.map(([method]) => method)).toEqual([]);
  });

  it('can be replaced where they stand', () => {
    const params = { path: '/link', name: 'r', settings: { items: '/other' } };
    for (const { path, replace } of filesNamed('import.start', params)) replace(`/real${String(path)}`);
    expect(params).toEqual({ path: '/real/link', name: 'r', settings: { items: '/real/other' } });
  });
});
