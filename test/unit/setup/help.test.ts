import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpHtml, mathOf } from '../../../main/setup/help/markdown.ts';
import { helpTopics } from '../../../main/setup/help/topics.ts';
import { docs } from '../../../main/setup/models-page.ts';
import { models } from '../../../main/models/registry.ts';
import { root } from '../../../main/setup/sources.ts';
import { guideTopic, metricTopic, modelTopic } from '../../../shared/help.ts';
import { metrics } from '../../../shared/metrics/registry.ts';
import { found } from '../../../renderer/help/find.ts';

const topics = helpTopics();
const all = (pattern: RegExp): string[] =>
  topics.flatMap(({ html }) => [...html.matchAll(pattern)].map(([, word]) => word));

describe('The help', () => {
  it('has a page for every model and metric, with an equation in MathML', () => {
    const ids = [
      ...models.map(({ name }) => modelTopic(name)),
      ...metrics.map(({ name }) => metricTopic(name)),
    ];
    for (const id of ids) {
      const html = topics.find((topic) => topic.id === id)?.html ?? '';
      expect(html, id).toMatch(/<math xmlns="[^"]+" display="block">.*<\/math>/s);
      expect(html, id).not.toContain('katex-error');
    }
    expect(new Set(topics.map(({ id }) => id)).size).toBe(topics.length);
  });

  it('has the chapter that each tip leads to', () => {
    const windows = readdirSync(join(root, 'renderer'), { recursive: true, encoding: 'utf8' });
    const chapters = windows
      .filter((path) => path.endsWith('.svelte'))
      .flatMap((path) => [
        ...readFileSync(join(root, 'renderer', path), 'utf8').matchAll(/<Tip chapter="([^"]+)"/g),
      ])
      .map(([, chapter]) => guideTopic(chapter));
    expect(chapters.length).toBeGreaterThan(3);
    expect(chapters.filter((id) => !topics.some((topic) => topic.id === id))).toEqual([]);
  });

  it('needs no style, script or address of the page that shows it', () => {
    for (const { id, html } of topics)
      expect(html, id).not.toMatch(/<script|\sstyle=|\son\w+=|\shref=|javascript:/i);
  });

  it('leads from page to page, and to pictures that are there', () => {
    const links = all(/data-topic="([^"]+)"/g);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !topics.some(({ id }) => id === link))).toEqual([]);
    const pictures = all(/<img src="([^"]+)"/g);
    expect(pictures.length).toBeGreaterThan(3);
    for (const picture of pictures) {
      expect(picture).toMatch(/^help\/[\w-]+\.png$/);
      expect(existsSync(join(docs, picture.replace('help/', 'pictures/'))), picture).toBe(true);
    }
  });

  it('escapes what would be HTML, and names pages outside without a link', () => {
    const html = helpHtml('<img src=x onerror=alert(1)> [out](https://evil.example/) `<b>`', () => null);
    expect(html).not.toMatch(/<img|<b>|evil/);
    expect(html).toContain('&lt;b&gt;');
    expect(html).toContain('out');
  });

  it('refuses an equation that cannot be set', () => {
    expect(() => mathOf('\\frac{1')).toThrow();
    expect(() => mathOf('\\nonsense x')).toThrow();
  });

  it('is found by words, those of titles first', () => {
    expect(found(topics, 'ndcg')[0].id).toBe(metricTopic('ndcg'));
    expect(found(topics, 'learning rate jumps').every(({ group }) => group === 'Models')).toBe(true);
    expect(found(topics, 'katzenjammer')).toEqual([]);
    expect(found(topics, ' ')).toEqual(topics);
    // Only what is read is searched.
    expect(found(topics, 'data-topic')).toEqual([]);
  });
});
