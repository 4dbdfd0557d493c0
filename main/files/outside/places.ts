import { basename, dirname, join } from 'node:path';
import { makeOutputFolder } from '../../base/output.ts';

/** Where several files that belong together go. */
export interface Places {
  /** The one that tells of the others. */
  readonly main: string;
  beside(name: string): string;
  /** Makes the folder where it is not there. @throws WorkbenchError `file-unusable` */
  prepare(): void;
}

/**
 * In a folder of their own; or, where a `.json` file is named (as windows do, which know no folders), beside it under
 * its name, so that they replace nothing of another.
 */
export function placesAt(path: string, main: string): Places {
  if (!/\.json$/i.test(path))
    return {
      main: join(path, main),
      beside: (name) => join(path, name),
      prepare: () => makeOutputFolder(path),
    };
  const stem = basename(path).replace(/\.json$/i, '');
  return {
    main: path,
    beside: (name) => join(dirname(path), `${stem}-${name}`),
    prepare: () => undefined,
  };
}
