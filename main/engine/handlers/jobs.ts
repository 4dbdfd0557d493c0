import type { Handlers } from '../../../shared/contract.ts';
import type { EngineContext } from '../context.ts';

export function jobHandlers({
  jobs,
}: EngineContext): Pick<Handlers, 'jobs.list' | 'jobs.cancel' | 'jobs.wait'> {
  return {
    'jobs.list': () => jobs.list(),
    'jobs.cancel'({ job }) {
      jobs.cancel(job);
      return {};
    },
    'jobs.wait': ({ job }) => jobs.wait(job),
  };
}
