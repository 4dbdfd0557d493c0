/** Data sets as column blobs, their users and items, runs with their curves and artifacts, settings. */
export const initial = `
CREATE TABLE datasets (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  status TEXT NOT NULL CHECK (status IN ('importing', 'ready')),
  fingerprint TEXT NOT NULL,
  users INTEGER NOT NULL,
  items INTEGER NOT NULL,
  ratings INTEGER NOT NULL,
  implicit INTEGER NOT NULL,
  minimum REAL NOT NULL,
  maximum REAL NOT NULL,
  step REAL,
  time_kind TEXT NOT NULL CHECK (time_kind IN ('time', 'order', 'none')),
  time_from REAL,
  time_to REAL,
  bytes INTEGER NOT NULL,
  parent TEXT,
  archived INTEGER NOT NULL DEFAULT 0,
  sample INTEGER NOT NULL DEFAULT 0,
  titles INTEGER NOT NULL,
  genres INTEGER NOT NULL,
  given_split INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL,
  accounting TEXT NOT NULL,
  reject_kinds TEXT NOT NULL,
  profile TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX datasets_by_fingerprint ON datasets (fingerprint);

-- start, item, value, time, part, givenStart, givenItems, rejects: little-endian arrays (rejects: text) in chunks.
CREATE TABLE columns (
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (dataset, name, chunk)
) STRICT;

CREATE TABLE users (
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX users_by_id ON users (dataset, id);

CREATE TABLE items (
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  title TEXT,
  -- Separated by |.
  genres TEXT,
  year INTEGER,
  PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_by_id ON items (dataset, id);

CREATE TABLE splits (
  dataset INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  config TEXT NOT NULL,
  -- [ratings] one byte a row: 0 train, 1 validation, 2 test.
  part BLOB NOT NULL,
  PRIMARY KEY (dataset, hash)
) STRICT;

CREATE TABLE runs (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  dataset INTEGER NOT NULL REFERENCES datasets (key),
  fingerprint TEXT NOT NULL,
  model TEXT NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled')),
  config TEXT NOT NULL,
  parameters TEXT NOT NULL,
  seed INTEGER NOT NULL,
  target TEXT NOT NULL,
  split_name TEXT,
  split_hash TEXT,
  compute TEXT,
  versions TEXT NOT NULL,
  metrics TEXT NOT NULL,
  interval TEXT,
  epoch INTEGER NOT NULL DEFAULT 0,
  epochs INTEGER NOT NULL,
  best_epoch INTEGER,
  loss REAL,
  train_seconds REAL NOT NULL DEFAULT 0,
  evaluate_seconds REAL NOT NULL DEFAULT 0,
  examples_per_second REAL,
  peak_memory_mb REAL,
  notes TEXT NOT NULL DEFAULT '[]',
  tags TEXT NOT NULL DEFAULT '[]',
  note TEXT NOT NULL DEFAULT '',
  archived INTEGER NOT NULL DEFAULT 0,
  run_group TEXT,
  error TEXT,
  log TEXT NOT NULL DEFAULT '[]',
  created_at REAL NOT NULL,
  started_at REAL,
  finished_at REAL
) STRICT;
CREATE INDEX runs_by_dataset ON runs (dataset);

CREATE TABLE epochs (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  loss REAL NOT NULL,
  seconds REAL NOT NULL,
  validation TEXT NOT NULL,
  PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

-- Arrays that a run leaves behind: per-user metric vectors, top-N lists, ranks, predictions, weights.
CREATE TABLE artifacts (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('f32', 'f64', 'u32', 'u8')),
  data BLOB NOT NULL,
  PRIMARY KEY (run, kind, name)
) STRICT;

-- Column mappings remembered by the header that they were chosen for.
CREATE TABLE mappings (header TEXT PRIMARY KEY, settings TEXT NOT NULL, used_at REAL NOT NULL) STRICT;

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;
