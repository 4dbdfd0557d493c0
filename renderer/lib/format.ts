/** Figures as the screens show them; reports and the command line show them alike. */
export * from '../../shared/format.ts';
