/** What runs cost beside their seconds: processor time, wall time, energy; JSON, null of older runs. */
export const runCost = `
ALTER TABLE runs ADD COLUMN cost TEXT;
`;
