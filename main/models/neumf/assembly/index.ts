// What the workbench's kernel module exports of this model.
export * from './neumf';
export * from './neumf-scores';
export { neumfScratch } from './neumf-block';
