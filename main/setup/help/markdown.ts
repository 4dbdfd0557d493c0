/** Markdown of docs/ as HTML for the help in the window: equations as MathML, no script, no style, no way out. */
import katex from 'katex';
import { Marked, type Tokens } from 'marked';

/** Equations in LaTeX, one a line, as MathML blocks. @throws where one cannot be set */
export function mathOf(latex: string): string {
  return latex
    .trim()
    .split('\n')
    .map((line) => {
      const set = katex.renderToString(line.trim(), { output: 'mathml', displayMode: true, strict: 'error' });
      return /<math.*<\/math>/su.exec(set)?.[0] ?? '';
    })
    .map((math) => `<div class="equation">${math}</div>`)
    .join('\n');
}

/** Pages of docs/ that are topics of the help. Others are named without a link. */
export type TopicOf = (path: string) => string | null;

/** @param text Markdown of a page in docs/, whose links and pictures are relative to that folder */
export function helpHtml(text: string, topicOf: TopicOf): string {
  const marked = new Marked({
    async: false,
    renderer: {
      code({ lang, text: code }: Tokens.Code) {
        return lang === 'math' ? mathOf(code) : `<pre><code>${escaped(code)}</code></pre>`;
      },
      link({ href, tokens }: Tokens.Link) {
        const words = this.parser.parseInline(tokens);
        const topic = topicOf(href);
        return topic === null
          ? words
          : `<button type="button" class="link" data-topic="${escaped(topic)}">${words}</button>`;
      },
      image({ href, text: about }: Tokens.Image) {
        return `<img src="${escaped(href.replace(/^(\.\.\/)?pictures\//, 'help/'))}" alt="${escaped(about)}">`;
      },
      // The documents contain no HTML of their own, so whatever looks like it is shown as text.
      html: ({ text: raw }: Tokens.HTML | Tokens.Tag) => escaped(raw),
    },
  });
  return marked.parse(text) as string;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
