/**
 * Asks the inspector thread, which keeps runs loaded and computes reasons, lists and comparisons, so that the engine
 * answers others meanwhile. The thread starts with the first question.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Checked, ErrorShape, Result, SweepDetail } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { GoldenResult, StoredGolden } from '../store/golden.ts';
import { fromErrorShape } from './failures.ts';
import type { ListedItem } from './inspect/inspection.ts';
import type { LoadedDatasets } from './loaded.ts';
import type { ReadableDatabase } from '../store/database.ts';
import type { ReportQuestion } from './report/report-of.ts';
import { type AskedMethod, type ThreadAnswers, threadAnswers } from './thread-answers.ts';

export interface ToInspector {
  readonly id: number;
  readonly method: keyof ThreadAnswers;
  readonly params: unknown;
}

export type FromInspector =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorShape }
  /** The thread cannot read the database: another process holds it alone, as where the disk is full. */
  | { readonly id: null; readonly error: ErrorShape };

interface Pending {
  readonly question: ToInspector;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const source = import.meta.url.endsWith('.ts');
const files = source
  ? ['../entries/inspector-thread.ts']
  : ['./inspector-thread.js', '../inspector-thread.js'];

export class Inspector {
  readonly #path: string;
  readonly #here: () => ThreadAnswers;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #local: ThreadAnswers | null = null;
  #last = 0;
  #closed = false;

  constructor(path: string, database: ReadableDatabase, loaded: LoadedDatasets) {
    this.#path = path;
    this.#here = () => threadAnswers(database, loaded);
  }

  ask<M extends AskedMethod>(method: M, params: Checked<M>): Promise<Result<M>> {
    return this.#ask(method, params) as Promise<Result<M>>;
  }

  golden(run: string, golden: readonly StoredGolden[]): Promise<GoldenResult[]> {
    return this.#ask('golden', { run, golden }) as Promise<GoldenResult[]>;
  }

  /** The best of all candidates of a user, with their scores. @param user a position */
  top(run: string, user: number, top: number): Promise<ListedItem[]> {
    return this.#ask('top', { run, user, top }) as Promise<ListedItem[]>;
  }

  /** All of a sweep: of a thousand trials it takes a second to tell what mattered. */
  sweep(sweep: string, timeLeft: SweepDetail['timeLeft']): Promise<SweepDetail> {
    return this.#ask('sweep', { sweep, timeLeft }) as Promise<SweepDetail>;
  }

  /** What a sweep or tournament came to, as it is stored. */
  outcome(sweep: string): Promise<unknown> {
    return this.#ask('outcome', { sweep });
  }

  /** The report of a comparison as HTML. */
  report(question: ReportQuestion): Promise<string> {
    return this.#ask('report', question) as Promise<string>;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    this.#end(closed());
  }

  #ask(method: keyof ThreadAnswers, params: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(closed());
    if (this.#local) return answer(this.#local, method, params);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const question: ToInspector = { id: ++this.#last, method, params };
    this.#pending.set(question.id, { question, resolve, reject });
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(question);
    return promise;
  }

  #start(): Worker {
    const file = files.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
    if (!file) throw new Error('The inspector thread is not built: run npm run build.');
    const worker = new Worker(file, { workerData: this.#path, execArgv: [] });
    worker.on('message', (message: FromInspector) => this.#take(message));
    worker.on('error', (error: unknown) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('it ended')));
    return worker;
  }

  #take(message: FromInspector): void {
    if (message.id === null) {
      this.#answerHere();
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    // An idle thread keeps no command from ending.
    if (this.#pending.size === 0) this.#worker?.unref();
    if ('error' in message) pending?.reject(fromErrorShape(message.error));
    else pending?.resolve(message.result);
  }

  /** In the engine's own thread, with its connection. */
  #answerHere(): void {
    const local = (this.#local ??= this.#here());
    void this.#worker?.terminate();
    this.#worker = null;
    for (const { question, resolve, reject } of this.#pending.values())
      answer(local, question.method, question.params).then(resolve, reject);
    this.#pending.clear();
  }

  /** The next question starts another. */
  #lost(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const reason = error instanceof Error ? error.message : String(error);
    this.#end(
      new WorkbenchError(
        'inspector-ended',
        `The answer was lost: the thread that computes it ended (${reason}).`,
        'Ask again. If it happens again, the machine may be short of memory.',
      ),
    );
  }

  #end(error: WorkbenchError): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** Any of the questions, its answer awaited. */
export async function answer(
  answers: ThreadAnswers,
  method: keyof ThreadAnswers,
  params: unknown,
): Promise<unknown> {
  const ask = answers[method] as (question: unknown) => unknown;
  return ask(params);
}

function closed(): WorkbenchError {
  return new WorkbenchError(
    'engine-closed',
    'The workbench was closed before the answer was there.',
    'Open it, and ask again.',
  );
}
