/**
 * A thread of the engine: copies what the database's log holds into the database, which takes as long as the disk does.
 * It changes nothing, and may end at any time without harm.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckpointMode, openForCheckpoints } from '../store/database.ts';

const checkpoints = openForCheckpoints(workerData as string);
parentPort?.on('message', (mode: CheckpointMode | 'end') => {
  if (mode === 'end') {
    checkpoints.close();
    parentPort?.close();
  } else {
    checkpoints.run(mode);
    parentPort?.postMessage(mode);
  }
});
