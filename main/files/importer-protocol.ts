/** Messages between the engine and an importer process; structured clones. */
import type { ErrorShape, Filters } from '../../shared/contract.ts';
import type { ExportFormat } from './export.ts';
import type { SplitExport } from './export-split.ts';
import type { CapsuleImport, OpenedCapsule } from './capsule/open-capsule.ts';
import type { CapsuleExport } from './capsule/write-capsule.ts';
import type { ImportedRun, RunImport } from './outside/import-run.ts';
import type { MovieLensName } from './movielens.ts';
import type { DatasetSummary, StagedItem } from './staged.ts';
import type { ImportOptions, ImportReport, Inspection, ItemsOptions, SplitOptions } from './types.ts';

/** What an importer is asked to do; `staging` is a folder that it makes and the engine removes, come what may. */
export type ImporterJob =
  | { readonly job: 'inspect'; readonly path: string; readonly options: ImportOptions }
  | {
      readonly job: 'check';
      readonly path: string;
      readonly options: ImportOptions;
      readonly staging: string;
    }
  | {
      readonly job: 'import';
      readonly path: string;
      readonly options: ImportOptions;
      readonly staging: string;
    }
  | {
      readonly job: 'split';
      readonly train: string;
      readonly test: string;
      readonly options: SplitOptions;
      readonly staging: string;
    }
  | { readonly job: 'sample'; readonly seed: number; readonly staging: string }
  | {
      readonly job: 'derive';
      /** Path of the database, opened for reading alone. */
      readonly database: string;
      readonly dataset: string;
      readonly filters: Filters;
      readonly staging: string;
    }
  | {
      readonly job: 'export';
      readonly database: string;
      readonly dataset: string;
      readonly path: string;
      readonly format: ExportFormat;
      /** An apostrophe goes before cells of a CSV that a spreadsheet takes for formulas. */
      readonly safeForSpreadsheets: boolean;
    }
  | ({ readonly job: 'export-split'; readonly database: string } & SplitExport)
  | ({ readonly job: 'run'; readonly database: string } & RunImport)
  | ({ readonly job: 'write-capsule'; readonly database: string } & CapsuleExport)
  | ({ readonly job: 'open-capsule'; readonly database: string } & CapsuleImport)
  | {
      readonly job: 'items';
      readonly options: ItemsOptions;
      readonly database: string;
      /** Whose items the list is for. */
      readonly dataset: string;
    }
  /** Downloads MovieLens into `folder` (where a broken download goes on) and stages its ratings and titles. */
  | {
      readonly job: 'download';
      readonly name: MovieLensName;
      readonly folder: string;
      readonly staging: string;
    };

/** Engine → importer. Jobs one after another in one process, as many as one likes; `cancel` ends the present one. */
export type ToImporter =
  | ({ readonly type: 'start'; readonly id: number } & ImporterJob)
  | { readonly type: 'cancel'; readonly id: number };

export interface ImporterProgress {
  /** What it does now, for people: 'Reading', 'Sorting' … */
  readonly stage: string;
  readonly done: number;
  /** Null while the length is unknown. */
  readonly total: number | null;
  readonly unit: 'bytes' | 'rows' | 'parts';
  /** Units a second, where known. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
  readonly records: number;
  readonly rejected: number;
}

/** Importer → engine. Each job ends with one of `done` and `failed`; without either the process was killed. */
export type FromImporter =
  | { readonly type: 'progress'; readonly id: number; readonly progress: ImporterProgress }
  | { readonly type: 'done'; readonly id: number; readonly result: ImporterResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorShape; readonly cancelled: boolean };

export type ImporterResult =
  | { readonly job: 'inspect'; readonly inspection: Inspection }
  | { readonly job: 'check'; readonly report: ImportReport & { readonly fingerprint: string } }
  /** The data set is in the staging folder: `readStaged`. */
  | {
      readonly job: 'import' | 'split' | 'sample' | 'derive' | 'download';
      readonly summary: DatasetSummary;
      readonly report: ImportReport | null;
    }
  | { readonly job: 'export' | 'export-split'; readonly files: readonly string[] }
  | { readonly job: 'write-capsule' }
  | { readonly job: 'open-capsule'; readonly capsule: OpenedCapsule }
  | { readonly job: 'run'; readonly imported: ImportedRun }
  | { readonly job: 'items'; readonly items: readonly StagedItem[] };
