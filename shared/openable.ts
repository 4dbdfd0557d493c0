/** Files that the system may ask the app to open: electron-builder.yml registers them, the shell and the window take them. */

/** A capsule of runs. */
export const capsuleExtension = 'workbench-capsule';

/** Extensions by what the window does with such a file. */
const kinds = {
  ratings: ['csv', 'tsv', 'parquet'],
  capsule: [capsuleExtension],
} as const;
export type OpenableKind = keyof typeof kinds;

/** What the window does with a file; null where it is none that the app opens. */
export function kindOfFile(path: string): OpenableKind | null {
  const extension = /\.([^.\\/]+)$/.exec(path)?.[1].toLowerCase() ?? '';
  const found = Object.entries(kinds).find(([, all]) => (all as readonly string[]).includes(extension));
  return (found?.[0] as OpenableKind | undefined) ?? null;
}
