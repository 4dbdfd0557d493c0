/** Metrics as the screens show them; reports show them alike. */
export * from '../../shared/metrics/words.ts';
