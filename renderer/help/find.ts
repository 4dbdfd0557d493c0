import type { HelpTopic } from '../../shared/help.ts';

/** Topics that have every word, in their title or text; those that have them in the title come first. */
export function found(topics: readonly HelpTopic[], text: string): readonly HelpTopic[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return topics;
  const has = (all: string): boolean => words.every((word) => all.toLowerCase().includes(word));
  const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ');
  const inTitle = topics.filter(({ title }) => has(title));
  return [...inTitle, ...topics.filter((topic) => !inTitle.includes(topic) && has(plain(topic.html)))];
}
