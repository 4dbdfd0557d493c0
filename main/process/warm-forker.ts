import type { Channel, Forker, Role } from './channel.ts';

export interface WarmForker extends Forker {
  /** Ends the child that waits, where nobody took it. */
  release(): void;
}

/**
 * A forker whose first child of a role is started now and taken later: it gets ready while the engine opens its folder.
 * For a command that is sure to need one.
 */
export function warmForker(forker: Forker, role: Role): WarmForker {
  let waiting: Channel | null = forker.fork(role);
  const take = (): Channel | null => {
    const taken = waiting;
    waiting = null;
    return taken;
  };
  return {
    fork(wanted, options) {
      const isPlain = options?.env === undefined && (options?.arguments ?? []).length === 0;
      return (wanted === role && isPlain ? take() : null) ?? forker.fork(wanted, options);
    },
    release: () => take()?.kill(),
  };
}
