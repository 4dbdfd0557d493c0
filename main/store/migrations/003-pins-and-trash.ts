/** The baseline that a user pins, at most one of those that compare, and runs that wait in the trash. */
export const pinsAndTrash = `
  ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN trashed INTEGER NOT NULL DEFAULT 0;
`;
