/** Addresses of items' pictures, from a list of items. */
export const itemImages = `
ALTER TABLE items ADD COLUMN image TEXT;
`;
