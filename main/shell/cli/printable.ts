/** Text of somebody else's file on a terminal: shown, never obeyed. */

/** C0, DEL and C1 with ESC and BEL among them; marks that turn the direction of text; other line ends. */
const commands =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return (
    names[character] ?? (code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`)
  );
}

/** One line: whatever a terminal would take for a command is written as an escape that can be read. */
export function printableLine(text: string): string {
  return text.replace(commands, escaped);
}

/** Several lines, whose ends stay. */
export function printable(text: string): string {
  return text.replace(commands, (character) => (character === '\n' ? character : escaped(character)));
}

/** The exact value, in which the same characters are written as JSON's own escapes. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    commands,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
