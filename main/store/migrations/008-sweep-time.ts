/** Seconds that each entry of a sweep or tournament has had, a JSON list; empty of older ones. */
export const sweepTime = `
ALTER TABLE sweeps ADD COLUMN spent TEXT NOT NULL DEFAULT '[]';
`;
