/** Golden users with what each run gives them, and picks of blind taste tests. */
export const golden = `
CREATE TABLE golden (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE,
  -- Id of a user of the data; null for somebody whose history is in the next column.
  user TEXT,
  -- [{ item, rating }] as JSON; null for a user of the data.
  history TEXT,
  -- Ids of items, and genres as genre:NAME, as JSON.
  expect TEXT NOT NULL,
  forbid TEXT NOT NULL,
  top INTEGER NOT NULL,
  created_at REAL NOT NULL,
  UNIQUE (dataset, name)
) STRICT;

CREATE TABLE golden_results (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  golden INTEGER NOT NULL REFERENCES golden (key) ON DELETE CASCADE,
  -- Null where it could not be checked; the note says why.
  pass INTEGER,
  missing TEXT NOT NULL,
  unwanted TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (run, golden)
) STRICT, WITHOUT ROWID;

CREATE TABLE tastes (
  key INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  user TEXT NOT NULL,
  left_run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  right_run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  rater TEXT NOT NULL,
  pick TEXT NOT NULL CHECK (pick IN ('left', 'right', 'neither')),
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX tastes_by_dataset ON tastes (dataset);
`;
