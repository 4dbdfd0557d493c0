import type { Forker } from '../../process/channel.ts';
import { ManagedProcess } from '../../process/managed.ts';
import type { FromTrainer, ToTrainer } from '../../training/protocol.ts';
import type { ComputeReport } from '../../training/self-test.ts';
import { WorkbenchError } from '../../base/errors.ts';

/** Measures every compute engine in a trainer process of its own, so that their memory goes with it. */
export async function selfTestInProcess(
  forker: Forker,
  threads: number | null,
): Promise<readonly ComputeReport[]> {
  const trainer = new ManagedProcess(forker, 'trainer');
  const { promise, resolve, reject } = Promise.withResolvers<readonly ComputeReport[]>();
  trainer.onMessage((received) => {
    const message = received as FromTrainer;
    if (message.type === 'self-test') resolve(message.report);
  });
  trainer.onEnd(() =>
    reject(
      new WorkbenchError(
        'trainer-ended',
        'The self-test ended before it had a result.',
        'Run it again; if it happens again, a native library may be damaged: install the app anew.',
      ),
    ),
  );
  trainer.start();
  trainer.post({ type: 'self-test', threads } satisfies ToTrainer);
  return promise;
}
