/** The files that a request names, found by the contract: a method that is added there cannot be forgotten here. */
import type * as v from 'valibot';
import { methods } from '../../../shared/contract.ts';
import { fileUse, type FileUse } from '../../../shared/fields.ts';

export interface NamedFile {
  readonly use: FileUse;
  /** As it was sent, so of any type. */
  readonly path: unknown;
  /** Puts another path in its place in the request. */
  replace(path: string): void;
}

/** A schema as far as this file looks into it. */
interface Shape extends v.GenericSchema {
  readonly wrapped?: Shape;
  readonly item?: Shape;
  readonly value?: Shape;
  readonly items?: readonly Shape[];
  readonly options?: readonly unknown[];
  readonly entries?: Readonly<Record<string, Shape>>;
}

/** @param params not validated yet; only where it fits the method's schema are there files in it */
export function filesNamed(method: string, params: unknown): NamedFile[] {
  if (!Object.hasOwn(methods, method)) return [];
  // Of some hundred unlike schemas this looks at what all of them have.
  const [schema] = methods[method as keyof typeof methods] as unknown as readonly [Shape, unknown];
  const files: NamedFile[] = [];
  find(schema, { params }, 'params', files);
  return files;
}

function find(schema: Shape, holder: object, key: string | number, files: NamedFile[]): void {
  const value: unknown = (holder as Record<string | number, unknown>)[key];
  if (value === undefined || value === null) return;
  const use = fileUse(schema);
  if (use) {
    const replace = (path: string): void => void Object.assign(holder, { [key]: path });
    files.push({ use, path: value, replace });
    return;
  }
  if (schema.wrapped) find(schema.wrapped, holder, key, files);
  for (const option of schema.options ?? [])
    if (typeof option === 'object') find(option as Shape, holder, key, files);
  if (typeof value !== 'object') return;
  for (const [name, entry] of Object.entries(schema.entries ?? {}))
    if (Object.hasOwn(value, name)) find(entry, value, name, files);
  for (const name of Object.keys(value)) {
    if (schema.value) find(schema.value, value, name, files);
    if (schema.item) find(schema.item, value, name, files);
    const place = schema.items?.[Number(name)];
    if (place) find(place, value, name, files);
  }
}
