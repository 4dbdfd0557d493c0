// What the workbench's kernel module exports of this model.
export * from './caser';
export { caserScratch } from './caser-block';
