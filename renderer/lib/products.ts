import { sentence } from './format.ts';

const names: Record<string, string> = {
  app: 'Workbench',
  tensorflowJs: 'TensorFlow.js',
  tfjs: 'TensorFlow.js',
  sqlite: 'better-sqlite3',
};

/** What versions are of, as its makers write it. */
export function productName(key: string): string {
  return names[key] ?? sentence(key);
}
