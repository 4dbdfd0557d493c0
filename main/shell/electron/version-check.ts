import { WorkbenchError } from '../../base/errors.ts';

/** What this app was built for; package.json pins the same Electron. */
const wanted = { electron: '45', node: '24' } as const;

/** Why this Electron cannot run the app: its natives are for one Node alone. Null where it can. */
export function versionProblem(
  versions: Readonly<Record<string, string | undefined>>,
): WorkbenchError | null {
  const wrong = (['electron', 'node'] as const).filter(
    (name) => versions[name]?.split('.')[0] !== wanted[name],
  );
  if (wrong.length === 0) return null;
  const { electron, node } = versions;
  return new WorkbenchError(
    'wrong-version',
    `This app is for Electron ${wanted.electron} with Node ${wanted.node}; it was started by Electron ${electron} with Node ${node}.`,
    'Start it with its own program or, from the sources, with npm start.',
  );
}
