/** What of Electron is there inside a utility process, typed here because only the Electron shell imports `electron`. */

/** `process.parentPort` or a `MessagePortMain`; the two differ in `start` and `close`. */
export interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: UtilityPort[] }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start?(): void;
  close?(): void;
}

/** The environment of a child whose parent is not the shell that forked it but the engine; see broker.ts. */
export const brokered = { WORKBENCH_CHANNEL: 'brokered' };

/** The port to the shell; null outside a utility process. */
export function parentPort(): UtilityPort | null {
  const port: unknown = Reflect.get(process, 'parentPort');
  return (port as UtilityPort | undefined) ?? null;
}

/** Whether this utility process gets its channel as a port in the shell's first message. */
export function isBrokered(): boolean {
  return process.env.WORKBENCH_CHANNEL === brokered.WORKBENCH_CHANNEL;
}
