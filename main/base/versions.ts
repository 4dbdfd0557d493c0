import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { appRoot } from './app-root.ts';

const Package = v.object({ version: v.string(), dependencies: v.record(v.string(), v.string()) });
const { version, dependencies } = v.parse(
  Package,
  JSON.parse(readFileSync(join(appRoot(), 'package.json'), 'utf8')) as unknown,
);

/** The app and what its figures depend on; stored with every run. */
export const versions = {
  app: version,
  node: process.versions.node,
  tensorflowJs: dependencies['@tensorflow/tfjs'],
  hyparquet: dependencies.hyparquet,
  sqlite: dependencies['better-sqlite3'],
};
