/** Whether there is a new version. Asked of the network only where the person has allowed it. */
import * as v from 'valibot';
import type { Result } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';

/** Beside the project's page: `{ "version": "1.2.3" }`. */
const fileName = 'latest.json';
const longest = 10_000;
const Latest = v.object({ version: v.pipe(v.string(), v.regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/)) });

export interface UpdateNeeds {
  /** What the person has said; null: they were not asked. */
  readonly allowed: boolean | null;
  readonly version: string;
  readonly homepage: string;
  readonly signal?: AbortSignal;
}

/**
 * @returns `unknown` where this build names no page that could tell
 * @throws WorkbenchError `not-allowed`, `no-network`, `no-version`
 */
export async function lookForUpdate(needs: UpdateNeeds): Promise<Result<'updates.look'>> {
  const { allowed, version, homepage, signal = AbortSignal.timeout(10_000) } = needs;
  if (allowed !== true) {
    throw new WorkbenchError(
      'not-allowed',
      'Looking for new versions is switched off.',
      'Switch it on under Settings, Privacy.',
    );
  }
  const address = new URL(fileName, homepage);
  // A name that nobody can have: the project is published nowhere yet.
  if (address.hostname.endsWith('.example')) {
    return {
      outcome: 'unknown',
      latest: null,
      detail: 'This build names no page that tells of new versions.',
    };
  }
  const latest = await latestAt(address, signal);
  return isNewer(latest, version)
    ? { outcome: 'newer', latest, detail: `Version ${latest} is out; this is ${version}.` }
    : { outcome: 'current', latest, detail: `This is the newest version, ${version}.` };
}

async function latestAt(address: URL, signal: AbortSignal): Promise<string> {
  let text = '';
  try {
    const answer = await fetch(address, { redirect: 'error', signal });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const decoder = new TextDecoder();
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part, { stream: true });
      if (text.length > longest) throw new Error('its answer is too long');
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError(
      'no-network',
      `${address.host} cannot be asked for the newest version: ${cause}.`,
      'Look again when there is a network, or open the project’s page.',
    );
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Latest), text);
  if (parsed.success) return parsed.output.version;
  throw new WorkbenchError(
    'no-version',
    `${address.href} says no version.`,
    'Open the project’s page to see what there is.',
  );
}

/** Whether version `a` is after `b`: by number, place for place. What `b` has behind a hyphen counts as before it. */
export function isNewer(a: string, b: string): boolean {
  const [of, than] = [a, b].map((each) => each.split('-')[0].split('.').map(Number));
  const at = of.findIndex((part, place) => part !== than[place]);
  return at < 0 ? b.includes('-') : of[at] > than[at];
}
