/** What the help in the window holds: the guide of docs/, a page a model, a page a metric. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HelpTopic } from '../../../shared/help.ts';
import { guideTopic as guideTopicId, metricTopic, modelTopic } from '../../../shared/help.ts';
import { metrics } from '../../../shared/metrics/registry.ts';
import { models } from '../../models/registry.ts';
import { root } from '../sources.ts';
import { helpHtml } from './markdown.ts';
import { metricText, modelPage } from './pages.ts';

/** In the order of the list. */
export function helpTopics(): HelpTopic[] {
  const guide = readFileSync(join(root, 'docs', 'guide.md'), 'utf8');
  return [
    ...guide.split(/^(?=## )/m).map(guideTopic),
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

/** One chapter of the guide; what stands before the first is its beginning. */
function guideTopic(text: string): HelpTopic {
  const [, title] = /^##? (?:\d+\. )?([^:\n]+)/.exec(text) ?? ['', ''];
  const id = text.startsWith('## ') ? guideTopicId(title) : 'guide';
  return { id, title, group: 'Guide', html: helpHtml(text.replace(/^## (?:\d+\. )?/, '# '), topicOf) };
}

function topicOf(path: string): string | null {
  const model = /^(?:models\/)?(\w+)\.md$/.exec(path)?.[1];
  if (path === 'guide.md') return 'guide';
  if (path === 'metrics.md') return metricTopic(metrics[0].name);
  if (path === 'models.md') return modelTopic(models[0].name);
  return models.some(({ name }) => name === model) ? modelTopic(model ?? '') : null;
}
