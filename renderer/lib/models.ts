/** Short names of models for charts, chips and table heads, where the full title has no room. */

/** How a name is written where lower case is not. */
const written: Record<string, string> = {
  mf: 'MF',
  bpr: 'BPR',
  neumf: 'NeuMF',
  autorec: 'AutoRec',
  itemknn: 'ItemKNN',
  ials: 'iALS',
  ease: 'EASE',
};

/** "Personalised ranking (BPR, hinge)" → "BPR"; a short title stays as it is. */
export function shortTitle(model: string, title: string): string {
  const plain = title.replace(/\s*\(.*\)$/, '');
  return written[model] ?? (plain.length <= 14 ? plain : model.charAt(0).toUpperCase() + model.slice(1));
}
