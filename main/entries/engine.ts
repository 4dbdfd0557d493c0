/** Entry of the engine process, forked by a shell: requests come in over the port, answers and events go out. */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { type Answer, Request } from '../../shared/contract.ts';
import { parentChannel } from '../process/parent.ts';
import { defaultDataDir } from '../base/data-folder.ts';
import { createEngine } from '../engine/engine.ts';
import { toErrorShape } from '../engine/failures.ts';

const parent = parentChannel();
const { values } = parseArgs({ options: { 'data-dir': { type: 'string' } }, strict: false });
const dataDir = typeof values['data-dir'] === 'string' ? values['data-dir'] : defaultDataDir();

try {
  const engine = await createEngine({ dataDir, resumeQueue: true });
  const end = (): void => void engine.close().finally(() => process.exit(0));
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
