/** Entry of the engine process, forked by a shell: requests come in over the port, answers and events go out. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { type Answer, Request } from '../../shared/contract.ts';
import { parentChannel } from '../process/parent.ts';
import { defaultDataDir } from '../base/data-folder.ts';
import { WorkbenchError } from '../base/errors.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine/engine.ts';
import { toErrorShape } from '../engine/failures.ts';

const parent = parentChannel();
const { values } = parseArgs({
  options: { 'data-dir': { type: 'string' }, restarted: { type: 'boolean' } },
  strict: false,
});
const dataDir = typeof values['data-dir'] === 'string' ? values['data-dir'] : defaultDataDir();
/** Milliseconds that an engine waits for a command that has taken the folder over since the last one ended. */
const turnWithin = values.restarted ? 20_000 : 0;

async function openInTurn(options: EngineOptions): Promise<Engine> {
  const end = performance.now() + turnWithin;
  for (;;) {
    try {
      return await createEngine(options);
    } catch (error) {
      const isOwned = error instanceof WorkbenchError && error.code === 'folder-owned';
      if (!isOwned || performance.now() > end) throw error;
      await pause(50);
    }
  }
}

try {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void engine.close().finally(() => process.exit(0));
  };
  const engine: Engine = await openInTurn({
    dataDir,
    resumeQueue: true,
    restart() {
      parent.again();
      end();
    },
  });
  parent.onStop(end);
  parent.onDisconnect(end);
  engine.subscribe((event) => parent.post(event));
  parent.onMessage((message) => {
    const request = v.safeParse(Request, message);
    if (!request.success) return;
    const { id, method, params } = request.output;
    engine.invoke(method, params).then(
      (result) => parent.post({ id, result } satisfies Answer),
      (error: unknown) => parent.post({ id, error: toErrorShape(error) } satisfies Answer),
    );
  });
  parent.ready();
} catch (error) {
  await parent.fail(toErrorShape(error));
}
