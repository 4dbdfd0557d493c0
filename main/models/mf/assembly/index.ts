// What the workbench's kernel module exports of this model.
export * from './mf';
export { mfSingles } from './mf-singles';
