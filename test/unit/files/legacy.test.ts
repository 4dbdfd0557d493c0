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

  it('names no more than the next candidates where the text tells', () => {
    const text = Array.from({ length: 40 }, (_, k) => `${k},Москва слезам не верит\n`).join('');
    const { encoding, others } = guess(text, 'windows-1251');
    expect(encoding).toBe('windows-1251');
    expect(others.length).toBeLessThanOrEqual(2);
  });
});
