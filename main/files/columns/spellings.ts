/** Ids that stand in the file with blanks around them: read as the ids they are, and counted for the report. */
import { mayTrim, trimBounds } from '../text/ids.ts';
import type { IdBounds } from '../text/ids.ts';
import { Dictionary } from './dictionary.ts';
import type { DictionaryParts } from './dictionary.ts';

export interface SpellingParts {
  spelled: DictionaryParts;
  idOf: number[];
  rows: number[];
}

export interface SpellingCount {
  /** Records whose id was trimmed. */
  rows: number;
  /** Spellings that became one with another. */
  merged: number;
  /** A spelling that was trimmed, as it stands in the file. */
  example: string;
}

export class Spellings {
  private readonly ids: Dictionary;
  /** Spellings as they stand in the file; of each, which id it is and how many records have it. */
  private readonly spelled = new Dictionary();
  private readonly idOf: number[] = [];
  private readonly rows: number[] = [];
  private readonly bounds: IdBounds = { from: 0, to: 0 };

  constructor(ids: Dictionary) {
    this.ids = ids;
  }

  /** Index of the id in bytes [from, to), trimmed. */
  intern(buf: Uint8Array, from: number, to: number): number {
    if (!mayTrim(buf, from, to)) return this.ids.intern(buf, from, to);
    const { bounds } = this;
    trimBounds(bounds, buf, from, to);
    const id = this.ids.intern(buf, bounds.from, bounds.to);
    if (bounds.from !== from || bounds.to !== to) this.count(this.spelled.intern(buf, from, to), id, 1);
    return id;
  }

  private count(spelling: number, id: number, rows: number): void {
    this.idOf[spelling] = id;
    this.rows[spelling] = (this.rows[spelling] ?? 0) + rows;
  }

  parts(): SpellingParts {
    return { spelled: this.spelled.parts(), idOf: this.idOf, rows: this.rows };
  }

  /** @param ids the id here of each id there */
  absorb(other: SpellingParts, ids: Uint32Array): void {
    const spellings = this.spelled.absorb(other.spelled);
    for (let k = 0; k < other.idOf.length; k++) this.count(spellings[k], ids[other.idOf[k]], other.rows[k]);
  }

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  /** @param rowsOf records of each id, however it was spelled */
  summary(rowsOf: Uint32Array): SpellingCount {
    const spellings = new Map<number, { rows: number; count: number }>();
    for (const [spelling, id] of this.idOf.entries()) {
      const { rows, count } = spellings.get(id) ?? { rows: 0, count: 0 };
      spellings.set(id, { rows: rows + this.rows[spelling], count: count + 1 });
    }
    let merged = 0;
    for (const [id, { rows, count }] of spellings) merged += count - (rowsOf[id] > rows ? 0 : 1);
    const rows = this.rows.reduce((sum, n) => sum + n, 0);
    return { rows, merged, example: this.spelled.ids()[0] ?? '' };
  }
}
