/** docs/models.md, docs/models/ and docs/metrics.md: models and metrics in their own words. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { metrics } from '../../shared/metrics/registry.ts';
import type { ModelDefinition } from '../model/model.ts';
import { models } from '../models/registry.ts';
import { metricsPage, modelPage, modelsIndex } from './help/pages.ts';
import { root } from './sources.ts';

export const docs = join(root, 'docs');

/** Markdown by path below docs/. */
export function pagesOf(definitions: readonly ModelDefinition[]): Map<string, string> {
  return new Map([
    ['models.md', modelsIndex(definitions)],
    ...definitions.map((model) => [`models/${model.name}.md`, modelPage(model)] as const),
    ['metrics.md', metricsPage(metrics)],
  ]);
}

export function run(): number {
  const pages = pagesOf(models);
  mkdirSync(join(docs, 'models'), { recursive: true });
  for (const name of readdirSync(join(docs, 'models'))) {
    if (!pages.has(`models/${name}`)) rmSync(join(docs, 'models', name));
  }
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(docs, path)), { recursive: true });
    writeFileSync(join(docs, path), text);
  }
  return 0;
}
