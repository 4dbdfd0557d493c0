/** Figures as the screens show them: grouped thousands, real minus signs, units, equal decimals. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 100000 → "100,000". */
export function count(value: number): string {
  return grouped.format(value);
}

/** 23456 → "23.5 k"; counts under 10,000 in full. */
export function shortCount(value: number): string {
  const size = Math.abs(value);
  if (size < 1e4) return grouped.format(value);
  if (size < 1e6) return `${trim(value / 1e3)} k`;
  if (size < 1e9) return `${trim(value / 1e6)} M`;
  return `${trim(value / 1e9)} G`;
}

/** Counts on an axis: 500, 5 k, 40 k. */
export function axisCount(value: number): string {
  return Math.abs(value) < 1000
    ? count(value)
    : Math.abs(value) < 1e4
      ? `${trim(value / 1e3)} k`
      : shortCount(value);
}

function trim(value: number): string {
  return (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)).replace(/\.0$/, '');
}

/** "1 run", "36 runs"; the plural is the noun with s unless given. */
export function plural(value: number, noun: string, many = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : many}`;
}

/** A share in [0, 1] as per cent with a thin unit: .063 → "6.3 %". What is not all or nothing never rounds to it. */
export function percent(share: number, decimals = 1): string {
  if (!Number.isFinite(share)) return '–';
  const text = (share * 100).toFixed(decimals);
  const least = 10 ** -decimals;
  if (share > 0 && Number(text) === 0) return `< ${least.toFixed(decimals)} %`;
  if (share < 1 && Number(text) === 100) return `> ${(100 - least).toFixed(decimals)} %`;
  return `${minus(text)} %`;
}

/** A rating, an edge, a bound: grouped thousands, at most four figures after which nothing is to be read. */
export function plain(value: number): string {
  if (Number.isInteger(value)) return minus(count(value));
  if (Math.abs(value) >= 1000) return minus(count(Math.round(value)));
  return minus(String(Number(value.toPrecision(3))));
}

/** Density of a rating matrix: enough decimals that it is never 0. */
export function density(share: number): string {
  if (share <= 0) return '0 %';
  const per = share * 100;
  return `${per >= 0.1 ? per.toFixed(2) : per.toPrecision(1)} %`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}

/** Decimals without the leading zero, as in the tables: .0834, 1.0410, −.0031. */
export function decimal(value: number | null | undefined, decimals = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return minus(value.toFixed(decimals).replace(/^(-?)0\./, '$1.'));
}

/** With its sign: +.0063. A difference that rounds to nothing has no sign. */
export function signed(value: number | null | undefined, decimals = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = decimal(value, decimals);
  if (Number(value.toFixed(decimals)) === 0) return text.replace('−', '');
  return value > 0 ? `+${text}` : text;
}

/** p = .0312; p < .001 */
export function pText(value: number): string {
  return value < 0.001 ? 'p < .001' : `p = ${decimal(value, 3)}`;
}

/** A tick among its axis's others: as few decimals as tell all of them apart. */
export function tickText(value: number, ticks: readonly number[]): string {
  const decimals = ticks.map(
    (tick) => /\.(\d+)$/.exec(String(Number(tick.toPrecision(3))))?.[1]?.length ?? 0,
  );
  return value === 0 ? '0' : decimal(value, Math.min(4, Math.max(...decimals)));
}

/** [.0031, .0053] */
export function interval(range: readonly [number, number], decimals = 4): string {
  return `[${decimal(range[0], decimals)}, ${decimal(range[1], decimals)}]`;
}

/** A hyper-parameter as text: 0.05 → ".05", 1e-6 → "1e-6". */
export function parameter(value: number | boolean | string | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (value !== 0 && Math.abs(value) < 1e-4) return minus(value.toExponential().replace('e-', 'e-'));
  return minus(String(value).replace(/^(-?)0\./, '$1.'));
}

/** Seconds as a person says them: "< 1 s", "4 s", "1 m 52 s", "2 h 5 m". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 1) return '< 1 s';
  if (seconds < 10) return `${trim(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} m`;
}

/** 3.1 MB; powers of 1,000. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = value / 1000;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toFixed(1)} ${units[unit] ?? 'TB'}`;
}

/** Milliseconds since 1970 as 1997-09-20 (UTC). */
export function date(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : '–';
}

/** 1997-09 – 1998-04 */
export function monthSpan(span: { from: number; to: number }): string {
  return `${date(span.from).slice(0, 7)} – ${date(span.to).slice(0, 7)}`;
}

/** Local wall-clock time: 2026-11-20 14:32. */
export function moment(time: number): string {
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Local time of day: 14:32. */
export function clock(time: number): string {
  return moment(time).slice(11);
}

/** A fingerprint in groups of four; `groups` of them. */
export function fingerprint(text: string, groups = 2): string {
  const plain = text.replace(/^[a-z0-9]+:/i, '');
  return (plain.match(/.{1,4}/g) ?? []).slice(0, groups).join(' ');
}

/** 1st, 2nd, 3rd, 4th … */
export function ordinal(value: number): string {
  const tens = value % 100;
  if (tens >= 11 && tens <= 13) return `${count(value)}th`;
  return `${count(value)}${['th', 'st', 'nd', 'rd'][value % 10] ?? 'th'}`;
}

/** "a", "a and b", "a, b and c" */
export function listing(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1] ?? ''}`;
}

/** First letter upper case: labels made of field names. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Initial scale" in the middle of a sentence; names that start with capitals stay. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** `embeddingSize` → "embedding size". */
export function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}
