/** Topics of the offline help: made from docs/ and the definitions when the windows are built. */
import { parseMetricKey } from './metrics/registry.ts';

export interface HelpTopic {
  readonly id: string;
  readonly title: string;
  readonly group: 'Guide' | 'Models' | 'Metrics';
  readonly html: string;
}

/** @param chapter its title, without what follows a colon */
export function guideTopic(chapter: string): string {
  return `guide:${chapter.trim().toLowerCase().replaceAll(/\W+/g, '-')}`;
}

export function modelTopic(model: string): string {
  return `model:${model}`;
}

/** @param key with or without prefix and K */
export function metricTopic(key: string): string {
  return `metric:${parseMetricKey(key).name}`;
}
