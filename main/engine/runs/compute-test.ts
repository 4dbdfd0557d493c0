import type { Forker } from '../../process/channel.ts';
import { ManagedProcess } from '../../process/managed.ts';
import type { FromTrainer, ToTrainer } from '../../training/trainer-protocol.ts';
import type { ComputeReport } from '../../training/measure-compute.ts';
import { WorkbenchError } from '../../base/errors.ts';

/** Milliseconds that a self-test may take: it takes some seconds, minutes where a machine is very busy. */
const limit = 300_000;

type SelfTest = (threads: number | null) => Promise<readonly ComputeReport[]>;

/**
 * Measures every compute engine in a trainer process of its own, so that their memory goes with it. One at a time, for
 * two would measure each other: who asks while one runs gets its report, or waits where threads were set anew.
 */
export function selfTestOf(forker: Forker): SelfTest {
  let running: { readonly threads: number | null; readonly report: ReturnType<SelfTest> } | null = null;
  return async (threads) => {
    while (running && running.threads !== threads) await running.report.catch(() => undefined);
    running ??= {
      threads,
      report: measure(forker, threads).finally(() => (running = null)),
    };
    return running.report;
  };
}

async function measure(forker: Forker, threads: number | null): Promise<readonly ComputeReport[]> {
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
        'Run it again; if it happens again, a native library may be damaged: reinstall the app.',
      ),
    ),
  );
  trainer.start();
  trainer.post({ type: 'self-test', threads } satisfies ToTrainer);
  const timer = setTimeout(() => void trainer.kill(), limit);
  return promise.finally(() => clearTimeout(timer));
}
