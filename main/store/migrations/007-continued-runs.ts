/**
 * The run that a run continues, as JSON. Runs of before stopped by plain patience, whatever the defaults are today: their
 * parameters say so, so that to train them again gives the same bits.
 */
export const continuedRuns = `
ALTER TABLE runs ADD COLUMN parent TEXT;
UPDATE runs SET parameters = json_set(parameters, '$.noiseMargin', 0, '$.minimumEpochs', 1)
  WHERE json_type(parameters, '$.patience') IS NOT NULL AND json_type(parameters, '$.noiseMargin') IS NULL;
`;
