import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { guessLegacy } from '../../../main/files/source/legacy.ts';

const guess = (text: string, encoding: string) => guessLegacy([iconv.encode(text, encoding)]);

describe('A guess of an old encoding', () => {
  it('names the Cyrillic one beside it where a word is too short to tell', () => {
    const { encoding, others } = guess('u1,1,4\nu1,Ёж,4\n', 'windows-1251');
    expect([encoding, ...others]).toContain('windows-1251');
    const one = guess('id,title\n1,Heat\n2,Брат\n', 'windows-1251');
    expect([one.encoding, ...one.others]).toContain('windows-1251');
  });

  it('names the central European one beside the western one', () => {
    const { encoding, others } = guess('id,title\n1,Šašek\n', 'windows-1250');
    expect([encoding, ...others]).toContain('windows-1250');
  });

  it('names each once, and none that cannot decode the text', () => {
    for (const [text, encoding] of [
      ['id,title\n1,Šašek\n', 'windows-1250'],
      ['id,title\n1,Брат\n', 'windows-1251'],
      ['id,title\n1,千と千尋の神隠し\n', 'shift_jis'],
    ] as const) {
      const bytes = iconv.encode(text, encoding);
      const { encoding: best, others } = guessLegacy([bytes]);
      const all = [best, ...others];
      expect(new Set(all).size).toBe(all.length);
      for (const name of all) expect(iconv.decode(bytes, name)).not.toContain('\ufffd');
    }
  });
});
