// What a page keeps in its address: plain `?a=b`, unknown keys dropped, wrong values ignored.
import { type Range, RANGES, type Refresh, REFRESHES } from '@/lib/time-range';

export type RawSearch = Record<string, string>;

export function parseSearch(search: string): RawSearch {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '' || value === false) continue;
    params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export const asText = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.slice(0, 200) : undefined;
};
const asFlag = (value: unknown): true | undefined =>
  value === true || value === 'true' ? true : undefined;
const asNumber = (value: unknown, min: number, max: number): number | undefined => {
  const text = asText(value);
  const number = Number(text ?? NaN);
  return Number.isFinite(number) ? Math.min(max, Math.max(min, Math.round(number))) : undefined;
};
export const asOneOf = <T extends string>(value: unknown, words: readonly T[]): T | undefined =>
  words.find((word) => word === value);

export const CATEGORIES = [
  't-shirt',
  'polo',
  'tank-top',
  'shirt',
  'blouse',
  'sweater',
  'hoodie',
  'sweatshirt',
  'cardigan',
  'bodysuit',
  'skirt',
  'jeans',
  'trousers',
  'leggings',
  'joggers',
  'shorts',
  'dress',
  'jumpsuit',
  'blazer',
  'jacket',
  'coat',
  'vest',
  'sneakers',
  'dress-shoes',
  'boots',
  'sandals',
  'heels',
  'flats',
  'slippers',
  'hat',
  'cap',
  'beanie',
  'bag',
  'scarf',
  'gloves',
  'socks',
  'tights',
  'belt',
  'tie',
  'sunglasses',
  'watch',
  'jewellery',
  'underwear',
  'swimwear',
  'pyjamas',
  'other',
] as const;
export const SLOTS = [
  'top',
  'bottom',
  'one-piece',
  'outer',
  'shoes',
  'headwear',
  'bag',
  'accessory',
] as const;
export const SEASONS = ['summer', 'winter', 'all-year'] as const;
export const STATES = ['pending', 'processing', 'ready', 'failed'] as const;
export const OCCASIONS = ['casual', 'work', 'formal', 'party', 'sport', 'travel', 'home'] as const;

export interface WardrobeSearch {
  category?: (typeof CATEGORIES)[number];
  slot?: (typeof SLOTS)[number];
  colour?: string;
  season?: (typeof SEASONS)[number];
  state?: (typeof STATES)[number];
  text?: string;
  /** The upload dialog is open. */
  add?: true;
}

export function wardrobeSearch(raw: Record<string, unknown>): WardrobeSearch {
  return {
    category: asOneOf(raw.category, CATEGORIES),
    slot: asOneOf(raw.slot, SLOTS),
    colour: asText(raw.colour),
    season: asOneOf(raw.season, SEASONS),
    state: asOneOf(raw.state, STATES),
    text: asText(raw.text),
    add: asFlag(raw.add),
  };
}

export const COLDEST_C = -20;
export const HOTTEST_C = 40;

export const DRESS_CODES = ['relaxed', 'casual', 'smart-casual', 'business', 'formal'] as const;
export const COLOUR_FAMILIES = [
  'black',
  'white',
  'grey',
  'brown',
  'blue',
  'green',
  'red',
  'pink',
  'yellow',
] as const;
type ColourFamily = (typeof COLOUR_FAMILIES)[number];

/** Colours as an address holds them, `black,blue`, and as a list. */
export const joinColours = (colours: readonly string[]): string | undefined =>
  COLOUR_FAMILIES.filter((family) => colours.includes(family)).join(',') || undefined;
export const splitColours = (text?: string): ColourFamily[] => {
  const words = text?.split(',') ?? [];
  return COLOUR_FAMILIES.filter((family) => words.includes(family));
};

export interface WearSearch {
  occasion?: (typeof OCCASIONS)[number];
  /** Degrees Celsius; absent when the weather does not matter. */
  temperature?: number;
  wet?: true;
  text?: string;
  anchor?: string;
  laundry?: true;
  code?: (typeof DRESS_CODES)[number];
  /** The colours of clothes, joined by commas. */
  colours?: string;
  /** Colours of no piece. */
  without?: string;
}

export function wearSearch(raw: Record<string, unknown>): WearSearch {
  return {
    occasion: asOneOf(raw.occasion, OCCASIONS),
    temperature: asNumber(raw.temperature, COLDEST_C, HOTTEST_C),
    wet: asFlag(raw.wet),
    text: asText(raw.text),
    anchor: asText(raw.anchor),
    laundry: asFlag(raw.laundry),
    code: asOneOf(raw.code, DRESS_CODES),
    colours: joinColours(splitColours(asText(raw.colours))),
    without: joinColours(splitColours(asText(raw.without))),
  };
}

export const OUTFIT_TABS = ['saved', 'worn', 'all'] as const;
export const TASTE_TABS = ['lessons', 'weights'] as const;

export const outfitsSearch = (raw: Record<string, unknown>) => ({
  tab: asOneOf(raw.tab, OUTFIT_TABS),
});
export const tasteSearch = (raw: Record<string, unknown>) => ({
  tab: asOneOf(raw.tab, TASTE_TABS),
});

export interface MonitoringSearch {
  dashboard?: string;
  range?: Range;
  refresh?: Refresh;
}

export const monitoringSearch = (raw: Record<string, unknown>): MonitoringSearch => ({
  dashboard: asText(raw.dashboard),
  range: asOneOf(raw.range, RANGES),
  refresh: asOneOf(raw.refresh, REFRESHES),
});

export const ALERT_TABS = ['now', 'history', 'rules', 'silences', 'receivers'] as const;

export interface AlertsSearch {
  tab?: (typeof ALERT_TABS)[number];
  /** History of the alerts of this name only. */
  name?: string;
  /** Rules that have this in their name or expression. */
  find?: string;
}

export const alertsSearch = (raw: Record<string, unknown>): AlertsSearch => ({
  tab: asOneOf(raw.tab, ALERT_TABS),
  name: asText(raw.name),
  find: asText(raw.find),
});

/** The first look at one's style, right after signing up. */
export const styleSearch = (raw: Record<string, unknown>): { first?: true } => ({
  first: asFlag(raw.first),
});

/** Where to go after signing in: only ever a path of this app. */
export function signInSearch(raw: Record<string, unknown>): { next?: string } {
  const next = asText(raw.next);
  return { next: next && /^\/(?![/\\])/.test(next) ? next : undefined };
}
