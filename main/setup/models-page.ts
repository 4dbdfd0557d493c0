/** docs/models.md: every model in its own words, made from the registry. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaOf } from '../model/parameters.ts';
import type { ModelDefinition } from '../model/model.ts';
import { models } from '../models/registry.ts';
import { root } from './sources.ts';

export const modelsPage = join(root, 'docs', 'models.md');

/** The page in Markdown. */
export function pageOf(definitions: readonly ModelDefinition[]): string {
  const head = ['# Models', '', 'Made from their definitions by `npm run models-page`.'];
  return `${[...head, ...definitions.flatMap(sectionOf)].join('\n')}\n`;
}

function sectionOf(model: ModelDefinition): string[] {
  const { name, title, summary, goodWhen, equation, reference, presets = [] } = model;
  const rows = schemaOf(model).map(
    (parameter) => `| \`${parameter.name}\` | ${String(parameter.default)} | ${cell(parameter.effect)} |`,
  );
  return [
    ...['', `## ${title} (\`${name}\`)`, '', `${summary} Good for: ${goodWhen}`, ''],
    ...['```', equation, '```', '', `${reference}.`],
    ...(rows.length === 0 ? [] : ['', '| Parameter | Default | Effect |', '|---|---|---|', ...rows]),
    ...(presets.length === 0
      ? []
      : ['', `Presets: ${presets.map((each) => `\`${each.name}\``).join(', ')}.`]),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

export function run(): number {
  writeFileSync(modelsPage, pageOf(models));
  return 0;
}
