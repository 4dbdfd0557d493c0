/** Searches over hyper-parameters: what was asked for, their trials, and which runs these are; places in the queue. */
export const sweeps = `
CREATE TABLE sweeps (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sweep', 'tournament')),
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'cancelled', 'failed', 'interrupted')),
  -- tuning, final, done: test figures are shown when it is done.
  stage TEXT NOT NULL CHECK (stage IN ('tuning', 'final', 'done')),
  plan TEXT NOT NULL,
  outcome TEXT,
  error TEXT,
  notes TEXT NOT NULL DEFAULT '[]',
  seconds REAL NOT NULL DEFAULT 0,
  created_at REAL NOT NULL,
  finished_at REAL
) STRICT;
CREATE INDEX sweeps_by_dataset ON sweeps (dataset);

-- A trial of an entry (a model with its space); its runs are one a seed.
CREATE TABLE trials (
  sweep INTEGER NOT NULL REFERENCES sweeps (key) ON DELETE CASCADE,
  entry INTEGER NOT NULL,
  number INTEGER NOT NULL,
  point TEXT NOT NULL,
  -- The figure at each rung that was reached.
  figures TEXT NOT NULL DEFAULT '[]',
  failed INTEGER NOT NULL DEFAULT 0,
  -- It was trained to its end: another rung would change nothing.
  whole INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sweep, entry, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN place REAL;
-- Of trials and of the runs at the end of a sweep.
ALTER TABLE runs ADD COLUMN sweep INTEGER REFERENCES sweeps (key) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN entry INTEGER;
-- Null for the runs at the end.
ALTER TABLE runs ADD COLUMN trial INTEGER;
CREATE INDEX runs_by_sweep ON runs (sweep);
`;
