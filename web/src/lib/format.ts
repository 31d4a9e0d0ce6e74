// How values are said to people. British English throughout.

const LOCALE = 'en-GB';

/** `0.873` → `87 %`, never claiming certainty that rounding made up. */
export function formatProbability(probability: number): string {
  const percent = Math.round(probability * 100);
  if (percent >= 100 && probability < 1) return '> 99 %';
  if (percent <= 0 && probability > 0) return '< 1 %';
  return `${Math.min(100, Math.max(0, percent))} %`;
}

/** How sure a probability is, in words. */
export function certaintyWord(probability: number): string {
  if (probability >= 0.9) return 'very sure';
  if (probability >= 0.7) return 'fairly sure';
  if (probability >= 0.5) return 'not quite sure';
  return 'a guess';
}

/** `+0.42`, with a real minus sign and no negative zero. */
export function formatSigned(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  if (rounded === 0) return '0.00';
  return `${rounded > 0 ? '+' : '−'}${Math.abs(rounded).toFixed(2)}`;
}

/** `navy striped t-shirt` → `Navy striped t-shirt`. */
export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Words that are written with their hyphen. */
const HYPHENATED = new Set(['t-shirt', 'tie-dye', 'three-quarter', 'one-piece']);

/** `all-year` → `All year`, but `t-shirt` → `T-shirt`. */
export function wordLabel(word: string): string {
  const spaced = HYPHENATED.has(word) ? word : word.replaceAll(/[-_]/g, ' ');
  return sentenceCase(spaced);
}

const FORMALITY = ['Home or sport', 'Casual', 'Smart casual', 'Formal', 'Evening'];
const WARMTH = ['Hot weather', 'Warm weather', 'Mild weather', 'Cold weather', 'Deep winter'];

/** An attribute's value in words: the 1..5 scales have names of their own. */
export function attributeValueLabel(name: string, value: string): string {
  if (name === 'formality') return FORMALITY[Number(value) - 1] ?? value;
  if (name === 'warmth') return WARMTH[Number(value) - 1] ?? value;
  if (name === 'sleeve' && value === 'na') return 'Has no sleeves to speak of';
  return wordLabel(value);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 days ago`, `yesterday`, `just now`. */
export function formatAgo(instant: string, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return 'just now';
}

export function formatDate(instant: string): string {
  return new Date(instant).toLocaleDateString(LOCALE, { dateStyle: 'medium' });
}

/** `4 May 2026, 10:00:00`. */
export function formatMoment(instant: string): string {
  return new Date(instant).toLocaleString(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `1 garment`, `3 garments`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString(LOCALE)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `shoes`, `shoes and a bag`, `a top, shoes and a bag`. */
export function joinWords(words: string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
