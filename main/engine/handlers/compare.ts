import type { Handlers } from '../../../shared/contract.ts';
import type { CompareMethod } from '../compare/comparisons.ts';
import type { EngineContext } from '../context.ts';

/** Comparisons, asked of the inspector. */
export function compareHandlers({ inspector }: EngineContext): Pick<Handlers, CompareMethod> {
  return {
    compare: (question) => inspector.ask('compare', question),
    'compare.users': (question) => inspector.ask('compare.users', question),
    'compare.exposure': (question) => inspector.ask('compare.exposure', question),
  };
}
