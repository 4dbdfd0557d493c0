/** What the help in the window holds: the guide of docs/, a page a model, a page a metric. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HelpTopic } from '../../../shared/help.ts';
import { metricTopic, modelTopic } from '../../../shared/help.ts';
import { metrics } from '../../../shared/metrics/registry.ts';
import { models } from '../../models/registry.ts';
import { root } from '../sources.ts';
import { helpHtml } from './markdown.ts';
import { metricText, modelPage } from './pages.ts';

/** In the order of the list. */
export function helpTopics(): HelpTopic[] {
  const guide = readFileSync(join(root, 'docs', 'guide.md'), 'utf8');
  return [
    { id: 'guide', title: 'User guide', group: 'Guide', html: helpHtml(guide, topicOf) },
    ...models.map((model) => ({
      id: modelTopic(model.name),
      title: model.title,
      group: 'Models' as const,
      html: helpHtml(modelPage(model), topicOf),
    })),
    ...metrics.map((metric) => ({
      id: metricTopic(metric.name),
      title: metric.title,
      group: 'Metrics' as const,
      html: helpHtml(`# ${metric.title}\n\n${metricText(metric)}`, topicOf),
    })),
  ];
}

function topicOf(path: string): string | null {
  const model = /^(?:models\/)?(\w+)\.md$/.exec(path)?.[1];
  if (path === 'guide.md') return 'guide';
  if (path === 'metrics.md') return metricTopic(metrics[0].name);
  if (path === 'models.md') return modelTopic(models[0].name);
  return models.some(({ name }) => name === model) ? modelTopic(model ?? '') : null;
}
