/**
 * Random messages to the engine of a browser shell: what fits the contract, what lies just outside each of its bounds,
 * and what is nothing of the kind, nested up to 100,000 deep. Each has one answer, a result that fits the contract or an
 * error in words; afterwards the same engine runs, holding no more than before.
 */
import * as v from 'valibot';
import { methods, type Method } from '../../shared/contract.ts';
import { largest } from '../../main/process/limits.ts';
import { childrenOf } from '../fixtures/workbench.ts';
import { openWindow, serveBuilt, type Window } from '../integration/shell/serve.ts';
import { Chance } from './random.ts';
import { vitalsOf } from './vitals.ts';

/** A schema as far as this file looks into it. */
interface Shape {
  readonly type: string;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: number }[];
  readonly wrapped?: Shape;
  readonly item?: Shape;
  readonly value?: Shape;
  readonly items?: readonly Shape[];
  readonly options?: readonly unknown[];
  readonly entries?: Readonly<Record<string, Shape>>;
}

/** Long work, a download, or measuring: asked for seldom, or not at all. */
const seldom = new Set<string>([
  'datasets.sample',
  'runs.start',
  'runs.resume',
  'storage.compact',
  'runs.predict',
]);
const never = new Set<string>([
  ...['movielens.get', 'jobs.wait', 'engine.doctor', 'engine.selfTest'],
  // After these another engine answers.
  ...['engine.restart', 'storage.move', 'storage.restore'],
]);

const bounds = (shape: Shape, type: string): number | undefined => {
  for (const step of shape.pipe ?? []) {
    if (step.type === type) return step.requirement;
    // A step of a pipe may be a schema with a pipe of its own, which the type of a step does not say.
    const inner = 'pipe' in step ? bounds(step as unknown as Shape, type) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
};

const nonsense: readonly unknown[] = [
  ...[null, true, -1, 1.5, 1e300, '', 'x'],
  ...[[], {}, [[[]]], { length: 1e9 }, { toString: 1 }],
];

class Messages {
  readonly chance: Chance;
  /** Ids and names of what is there: without them every message would end at the first look-up. */
  readonly known: readonly string[];

  constructor(chance: Chance, known: readonly string[]) {
    this.chance = chance;
    this.known = known;
  }

  /** A request's text. */
  text(id: number): { readonly method: string; readonly text: string } {
    const names = Object.keys(methods).filter((name) => !never.has(name));
    let method = this.chance.pick(names);
    if (seldom.has(method) && !this.chance.percent(2)) method = 'engine.state';
    if (this.chance.percent(2))
      method = this.chance.pick(['', 'x'.repeat(50), 'constructor', '__proto__', 'runs']);
    const shape = (methods as Record<string, readonly [unknown, unknown]>)[method]?.[0] as Shape | undefined;
    if (this.chance.percent(3)) {
      const deep = this.nested(this.chance.pick([31, 33, 1000, 10_000, 100_000]));
      return { method, text: `{"id":${id},"method":${JSON.stringify(method)},"params":${deep}}` };
    }
    const params = shape ? this.value(shape) : this.junk();
    const text = JSON.stringify({ id, method, params: params === undefined ? null : params });
    // One that is too large ends the connection, as WebSockets have it.
    return Buffer.byteLength(text) <= largest ? { method, text } : this.text(id);
  }

  /** Written by hand: JSON's own writer would overflow. */
  nested(depth: number): string {
    const [open, close] = this.chance.pick([
      ['[', ']'],
      ['{"settings":', '}'],
      ['{"ui":[', ']}'],
    ]);
    return `${open.repeat(depth)}1${close.repeat(depth)}`;
  }

  value(shape: Shape): unknown {
    if (this.chance.percent(4)) return this.junk();
    switch (shape.type) {
      case 'optional':
      case 'nullable':
        return this.chance.percent(40)
          ? shape.type === 'nullable'
            ? null
            : undefined
          : this.value(shape.wrapped as Shape);
      case 'object':
        return Object.fromEntries(
          Object.entries(shape.entries ?? {}).map(([key, entry]) => [key, this.value(entry)]),
        );
      case 'record':
        return Object.fromEntries(
          Array.from({ length: this.chance.below(4) }, () => [
            this.chance.pick(['epochs', 'ndcg@10', '__proto__', 'x'.repeat(201), '']),
            this.value(shape.value as Shape),
          ]),
        );
      case 'array':
        return Array.from({ length: this.lengthOf(bounds(shape, 'max_length') ?? 3) }, () =>
          this.value(shape.item as Shape),
        );
      case 'tuple':
        return (shape.items ?? []).map((item) => this.value(item));
      case 'union':
        return this.value(this.chance.pick(shape.options ?? []) as Shape);
      case 'picklist':
        return this.chance.pick(shape.options ?? []);
      case 'boolean':
        return this.chance.percent(50);
      case 'number':
        return this.number(shape);
      case 'string':
        return this.string(bounds(shape, 'max_length') ?? 100);
      default:
        return this.junk();
    }
  }

  number(shape: Shape): number {
    const least = bounds(shape, 'min_value') ?? 0;
    const most = bounds(shape, 'max_value') ?? 1;
    return this.chance.pick([least, least, most, least - 1, most + 1, least + 0.5, 1, 2, 1e9, -0, 1e308]);
  }

  string(longest: number): string {
    const { chance } = this;
    if (chance.percent(60)) return chance.pick(this.known);
    const length = Math.min(longest + chance.pick([-1, 0, 1]), 60_000);
    return chance.pick([
      '',
      ' ',
      '\0',
      '%',
      "'; DROP TABLE runs; --",
      '../../etc/passwd',
      '\ud800',
      'é'.repeat(Math.max(length, 0)),
    ]);
  }

  lengthOf(longest: number): number {
    return this.chance.percent(2) ? Math.min(longest + 1, 2000) : this.chance.below(4);
  }

  junk(): unknown {
    return this.chance.pick(nonsense);
  }
}

/** What a known part of the engine must say of a message. */
function faultOf(
  method: string,
  answer: { result?: unknown; error?: Record<string, unknown> },
): string | null {
  if (answer.error) {
    const { code, message, hint } = answer.error;
    if (typeof code !== 'string' || typeof message !== 'string' || typeof hint !== 'string')
      return 'an error without words';
    if (message === '' || hint === '') return 'an error that says nothing';
    return ['internal', 'engine-ended', 'closed'].includes(code) ? `${code}: ${message}` : null;
  }
  const result = v.safeParse(methods[method as Method][1], answer.result);
  return result.success ? null : `a result outside the contract: ${v.summarize(result.issues).slice(0, 500)}`;
}

/** Sends so many messages. @throws naming the seed and the message that broke a rule */
export async function fuzzMessages(seed: number, count: number, dataDir: string): Promise<string> {
  const served = await serveBuilt(dataDir);
  try {
    const shell = served.process.pid ?? 0;
    const [engine] = childrenOf(shell, 'engine');
    const window = await openWindow(served.url);
    const messages = new Messages(new Chance(seed), await knownIn(window));
    const codes = new Map<string, number>();
    const tenth = Math.max(1, Math.floor(count / 10));
    let early = vitalsOf(engine);
    for (let done = 0; done < count;) {
      const batch = Array.from({ length: Math.min(20, count - done) }, (_, k) => messages.text(done + k + 1));
      await Promise.all(
        batch.map(async ({ method, text }, k) => {
          const answer = await answered(window, text, done + k + 1)
            .then((result) => ({ result }))
            .catch((error: unknown) => ({ error: error as Record<string, unknown> }));
          const fault = faultOf(method, answer);
          if (fault)
            throw new Error(`seed ${seed}, message ${done + k + 1}: ${fault}\n${text.slice(0, 2000)}`);
          const code = 'error' in answer ? String(answer.error.code) : 'done';
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }),
      );
      done += batch.length;
      if (done <= tenth) early = vitalsOf(engine);
    }
    await idle(window);
    const late = vitalsOf(engine);
    if (childrenOf(shell, 'engine')[0] !== engine) throw new Error('the engine was started again');
    if (late.files > early.files + 10)
      throw new Error(`open files rose from ${early.files} to ${late.files}`);
    if (late.memoryMb > 2 * early.memoryMb + 200)
      throw new Error(`memory rose from ${early.memoryMb.toFixed(0)} to ${late.memoryMb.toFixed(0)} MB`);
    window.close();
    const counted = JSON.stringify(Object.fromEntries([...codes].sort((a, b) => b[1] - a[1])));
    return `${count} messages: ${counted}; files ${early.files} to ${late.files}, ${early.memoryMb.toFixed(0)} to ${late.memoryMb.toFixed(0)} MB`;
  } finally {
    served.process.kill('SIGTERM');
    await served.ended;
  }
}

/** The answer to a message. @throws where none comes within minutes */
async function answered(window: Window, text: string, id: number): Promise<unknown> {
  const { promise, reject } = Promise.withResolvers<never>();
  const silence = { code: 'internal', message: 'no answer', hint: 'none' };
  const timer = setTimeout(() => reject(Object.assign(new Error('no answer'), silence)), 120_000);
  return Promise.race([window.raw(text, id), promise]).finally(() => clearTimeout(timer));
}

/** Fills an empty folder with the sample and its runs, and names what is there. */
async function knownIn(window: Window): Promise<string[]> {
  const { job } = (await window.invoke('datasets.sample', { runs: false })) as { job: string };
  await window.invoke('jobs.wait', { job });
  const [dataset] = (await window.invoke('datasets.list')) as { id: string; name: string }[];
  const configs = [{ model: 'popularity' }, { model: 'bias' }];
  const { runs } = (await window.invoke('runs.start', { dataset: dataset.id, configs })) as {
    runs: string[];
  };
  for (const run of runs) await window.invoke('jobs.wait', { job: run });
  return [
    dataset.id,
    dataset.id,
    ...runs,
    ...runs,
    dataset.name,
    'mf',
    'popularity',
    'ndcg@10',
    'rmse',
    '1',
    '2',
    '10',
  ];
}

/** Cancels what messages have started, and waits for its end. */
async function idle(window: Window): Promise<void> {
  const jobs = (await window.invoke('jobs.list')) as { id: string; status: string }[];
  for (const { id, status } of jobs) {
    if (status !== 'running' && status !== 'queued') continue;
    await window.invoke('jobs.cancel', { job: id });
    await window.invoke('jobs.wait', { job: id }).catch(() => undefined);
  }
}
