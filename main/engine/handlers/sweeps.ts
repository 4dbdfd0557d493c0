import type { Handlers } from '../../../shared/contract.ts';
import type { EngineContext } from '../context.ts';

/** Sweeps and tournaments. */
export function sweepHandlers({
  sweeps,
  inspector,
}: EngineContext): Pick<Handlers, Extract<keyof Handlers, `sweeps.${string}`>> {
  return {
    'sweeps.start': (asked) => sweeps.start(asked),
    'sweeps.tournament': (asked) => sweeps.tournament(asked),
    'sweeps.list': ({ dataset }) => sweeps.list(dataset),
    'sweeps.get': ({ sweep }) => inspector.sweep(sweep, sweeps.timeLeft(sweep)),
    'sweeps.stop'({ sweep, when }) {
      sweeps.stop(sweep, when);
      return {};
    },
    'sweeps.extend': (asked) => sweeps.extend(asked),
    'sweeps.delete'({ sweep }) {
      sweeps.delete(sweep);
      return {};
    },
  };
}
