/** A window's host without an engine behind it: recorded answers, and overrides where one depends on what was before. */
import * as v from 'valibot';
import {
  events,
  methods,
  type Method,
  type Params,
  type Result,
  type WorkbenchEvent,
} from '../../shared/contract.ts';
import type { OutsidePage } from '../../shared/host.ts';
import { WorkbenchError, type Host } from '../../renderer/transport/host.ts';
import { overrides, type StandInOptions } from './overrides.ts';
import { closest } from './recordings.ts';

const refusal = { code: 'refused', message: 'The stand-in refuses this.', hint: 'It was told to.' };

/** Every parameter, answer and event is held against the contract, so that a window never sees what the engine could not say. */
export function standInHost(
  options: StandInOptions = {},
): Host & { readonly asked: readonly Method[]; readonly opened: readonly OutsidePage[] } {
  const asked: Method[] = [];
  const opened: OutsidePage[] = [];
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  const emit = ({ event, payload }: WorkbenchEvent): void => {
    const checked = { event, payload: v.parse(events[event], payload) } as WorkbenchEvent;
    for (const listener of listeners) listener(checked);
  };
  const answers = overrides(options, emit);
  let connected = true;
  let watch: (connected: boolean) => void = () => undefined;
  const chosen = { path: '/data/ratings_export.csv', name: 'ratings_export.csv', bytes: 83_506 };
  return {
    kind: 'browser',
    asked,
    opened,
    transport: {
      async invoke<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
        await Promise.resolve();
        asked.push(method);
        // As over the socket, where a question waits for the next connection.
        if (!connected) return new Promise(() => undefined);
        if (options.refused?.includes(method)) throw new WorkbenchError(refusal);
        const [given, answer] = methods[method] as readonly [v.GenericSchema, v.GenericSchema];
        const checked = v.parse(given, params);
        const override = answers[method] as ((params: unknown) => Result<M>) | undefined;
        const result = v.parse(answer, override ? override(checked) : asRecorded(method, params));
        // A window that starts reads its jobs last.
        if (options.offline && method === 'jobs.list') watch((connected = false));
        return result;
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    openFile: () => Promise.resolve(chosen),
    takeFile: (file) => Promise.resolve({ path: `/data/${file.name}`, name: file.name, bytes: file.size }),
    saveFile: (name) => Promise.resolve({ path: `/data/${name}`, deliver: () => Promise.resolve() }),
    onCommand(listener) {
      for (const command of options.commands ?? []) listener(command);
      return () => undefined;
    },
    openPage: (page) => Promise.resolve(void opened.push(page)),
    onConnection(listener) {
      listener(true);
      watch = listener;
      return () => undefined;
    },
  };
}

function asRecorded(method: Method, params: object): unknown {
  const found = closest(method, params);
  if (!found) throw new Error(`No answer to ${method} was recorded.`);
  if (found.error) throw new WorkbenchError(found.error);
  return found.result;
}
