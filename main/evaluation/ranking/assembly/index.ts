// What the workbench's kernel module exports of ranking.
export * from './ranking';
