import { number } from './arguments.ts';

/** An item of a history, with its rating where one was given. */
export interface Addition {
  readonly item: string;
  readonly rating: number | null;
}

/** `item`, or `item=rating`: an id that holds an equals sign of its own ends at the last one that a number follows. */
export function addition(text: string, all: readonly Addition[]): Addition[] {
  const at = text.lastIndexOf('=');
  const rated = at > 0 && /^-?\d*\.?\d+$/.test(text.slice(at + 1));
  return [
    ...all,
    rated ? { item: text.slice(0, at), rating: number(text.slice(at + 1)) } : { item: text, rating: null },
  ];
}
