import type { Handlers } from '../../../shared/contract.ts';
import { assertOutput, writeOutput } from '../../base/output.ts';
import type { EngineContext } from '../context.ts';

/** A comparison as a file. */
export function reportHandlers({ inspector, versions }: EngineContext): Pick<Handlers, 'report'> {
  return {
    async report({ path, ...asked }) {
      assertOutput(path);
      const html = await inspector.report({ asked, versions });
      await writeOutput(path, ({ write }) => write(html));
      return { written: path };
    },
  };
}
