/**
 * Entry of the importer process. It reads files and writes staging folders, never the database, so it can be killed at
 * any time without harm.
 */
import type { ErrorShape } from '../../shared/contract.ts';
import { fileError, WorkbenchError } from '../base/errors.ts';
import { parentChannel } from '../process/parent.ts';
import { runJob } from '../files/importer-jobs.ts';
import type { FromImporter, ToImporter } from '../files/importer-protocol.ts';

const parent = parentChannel();
const post = (message: FromImporter): void => parent.post(message);
const running = new Map<number, AbortController>();

parent.onMessage((received) => {
  const message = received as ToImporter;
  if (message.type === 'cancel') running.get(message.id)?.abort();
  else void start(message);
});
parent.ready();

async function start(message: Extract<ToImporter, { type: 'start' }>): Promise<void> {
  const { id } = message;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await runJob(
      message,
      (progress) => post({ type: 'progress', id, progress }),
      controller.signal,
    );
    post({ type: 'done', id, result });
  } catch (error) {
    const shape = shapeOf(error);
    post({ type: 'failed', id, error: shape, cancelled: shape.code === 'cancelled' });
  }
  running.delete(id);
}

function shapeOf(error: unknown): ErrorShape {
  const known = error instanceof WorkbenchError ? error : fileError(error);
  if (known) {
    const { code, message, hint, details } = known;
    return { code, message, hint, ...(details === undefined ? {} : { details }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'This is a fault of the workbench. Settings → Diagnostics collects what is needed to fix it.';
  return { code: 'import-failed', message, hint };
}
