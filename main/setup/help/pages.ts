/** Pages that are made from definitions: one a model, their index, and the glossary of metrics. */
import type { MetricDefinition } from '../../../shared/metrics/metric.ts';
import { schemaOf } from '../../model/parameters.ts';
import type { ModelDefinition } from '../../model/model.ts';

const made = 'Made from the definitions by `npm run models-page`.';

/** Markdown of docs/models.md. */
export function modelsIndex(models: readonly ModelDefinition[]): string {
  const rows = models.map(
    ({ name, title, summary }) => `| [${title}](models/${name}.md) | \`${name}\` | ${cell(summary)} |`,
  );
  return page(['# Models', '', made, '', '| Model | Name | What it learns |', '|---|---|---|', ...rows]);
}

/** Markdown of docs/models/<name>.md. */
export function modelPage(model: ModelDefinition): string {
  const { name, title, summary, goodWhen, failsWhen, cost, latex, reference, presets = [] } = model;
  const rows = schemaOf(model).map(
    ({ name, default: usual, auto, effect }) =>
      `| \`${name}\` | ${auto === undefined ? String(usual) : cell(`auto: ${auto}`)} | ${cell(effect)} |`,
  );
  return page([
    ...[`# ${title}`, '', summary, ''],
    ...[`**Good for:** ${goodWhen}`, '', `**Fails with:** ${failsWhen}`, ''],
    ...[`**Takes:** ${costs[cost]} **On the command line:** \`${name}\`.`, ''],
    ...['## Equation', '', math(latex), '', `${reference}.`],
    ...(rows.length === 0
      ? ['', 'It has no parameters.']
      : ['', '## Parameters', '', '| Parameter | Default | Effect |', '|---|---|---|', ...rows]),
    ...(presets.length === 0
      ? []
      : [
          ...['', '## Presets', '', '| Preset | What it reproduces |', '|---|---|'],
          ...presets.map((preset) => `| \`${preset.name}\` | ${cell(preset.title)} |`),
        ]),
    ...['', made],
  ]);
}

const costs = { fast: 'seconds.', medium: 'tens of seconds.', slow: 'minutes.' } as const;

/** Markdown of docs/metrics.md. */
export function metricsPage(metrics: readonly MetricDefinition[]): string {
  return page([
    ...['# Metrics', '', made, ''],
    'K is the length of the list, T the number of test items of a user, C the number of candidates with them, n the number of test ratings, r a rating and r̂ its prediction, cᵢ the train rows of item i. Behind a name stands K: `ndcg@10`. Before it stands which candidates were ranked, where it was not all: `sampled99/ndcg@10`.',
    ...metrics.flatMap((metric) => ['', `## ${metric.title}`, '', metricText(metric)]),
  ]);
}

/** Markdown of one metric, without its head. */
export function metricText(metric: MetricDefinition): string {
  const { name, definition, latex, better, unit, lengths, perUser, reference } = metric;
  const facts = [
    `${better === 'higher' ? 'Higher' : 'Lower'} is better${unit ? `, in ${unit}` : ''}.`,
    {
      cut: `Written \`${name}@K\`.`,
      whole: `Written \`${name}\`.`,
      both: `Written \`${name}@K\` or \`${name}\`.`,
    }[lengths],
    perUser
      ? 'It has a value for each user, so runs are compared pair by pair.'
      : 'It is of all lists together, so it has no value for a single user and no interval.',
  ];
  return [definition, '', math(latex), '', facts.join(' '), '', `${reference}.`].join('\n');
}

function math(latex: string): string {
  const lines = latex.split('\n').map((line) => line.trim());
  return lines.map((line) => `\`\`\`math\n${line}\n\`\`\``).join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
