/**
 * A thread of the engine: answers questions about users, items and runs from the database, which it only reads. It may
 * end at any time without harm.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorShape } from '../engine/failures.ts';
import { answer, type FromInspector, type ToInspector } from '../engine/inspector.ts';
import { LoadedDatasets } from '../engine/loaded.ts';
import { threadAnswers } from '../engine/thread-answers.ts';
import { openReadable } from '../store/database.ts';

const post = (message: FromInspector): void => parentPort?.postMessage(message);

try {
  const database = openReadable(workerData as string);
  // Tells a database that another holds alone at once, not with the first question.
  database.prepare('SELECT count(*) FROM settings').get();
  const answers = threadAnswers(database, new LoadedDatasets(database));
  // One question after the other, in their order.
  let turn = Promise.resolve();
  parentPort?.on('message', ({ id, method, params }: ToInspector) => {
    turn = turn.then(async () => {
      try {
        post({ id, result: await answer(answers, method, params) });
      } catch (error) {
        post({ id, error: toErrorShape(error) });
      }
    });
  });
} catch (error) {
  post({ id: null, error: toErrorShape(error) });
}
