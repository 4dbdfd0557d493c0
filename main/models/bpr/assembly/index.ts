// What the workbench's kernel module exports of this model.
export * from './bpr';
export { bprSingles } from './bpr-singles';
