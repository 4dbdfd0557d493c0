import { WorkbenchError } from '../../base/errors.ts';
import type {
  FromImporter,
  ImporterJob,
  ImporterProgress,
  ImporterResult,
  ToImporter,
} from '../../files/importer-protocol.ts';
import type { Forker } from '../../process/channel.ts';
import { ManagedProcess } from '../../process/managed.ts';
import { fromErrorShape } from '../failures.ts';

/** Milliseconds an importer has to end by itself: it holds nothing that could be lost. */
const grace = 1000;

export type ResultOf<J extends ImporterJob['job']> = Extract<ImporterResult, { job: J }>;

/** One importer process and the jobs that it was given. */
export class ImporterProcess {
  readonly #process: ManagedProcess;
  readonly #waiting = new Map<
    number,
    {
      done: (result: ImporterResult) => void;
      failed: (error: Error) => void;
      report: (p: ImporterProgress) => void;
    }
  >();
  #last = 0;
  #ended = false;

  constructor(forker: Forker) {
    this.#process = new ManagedProcess(forker, 'importer', { grace });
    this.#process.onMessage((received) => this.#receive(received as FromImporter));
    this.#process.onEnd(({ signal, code }) => {
      this.#ended = true;
      for (const { failed } of this.#waiting.values()) {
        failed(
          new WorkbenchError(
            'importer-ended',
            `The process that read the file ended (${signal ?? `code ${code}`}). Nothing was stored.`,
            'Try again; if it happens again, the machine may be short of memory.',
          ),
        );
      }
      this.#waiting.clear();
    });
    this.#process.start();
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Does one job. Aborting asks the process to stop, and ends it where it does not listen. */
  run<J extends ImporterJob>(
    job: J,
    signal: AbortSignal = new AbortController().signal,
    report: (progress: ImporterProgress) => void = () => undefined,
  ): Promise<ResultOf<J['job']>> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        done: (result) => resolve(result as ResultOf<J['job']>),
        failed: reject,
        report,
      });
      signal.addEventListener('abort', () => {
        this.#post({ type: 'cancel', id });
        setTimeout(() => this.#waiting.has(id) && void this.#process.kill(), grace).unref();
      });
      this.#post({ type: 'start', id, ...job });
    });
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    await this.#process.stop(grace);
  }

  #post(message: ToImporter): void {
    this.#process.post(message);
  }

  #receive(message: FromImporter): void {
    const waiting = this.#waiting.get(message.id);
    if (message.type === 'progress') {
      waiting?.report(message.progress);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.type === 'done') waiting?.done(message.result);
    else waiting?.failed(fromErrorShape(message.error));
  }
}
