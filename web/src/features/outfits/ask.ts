// From what the page's address says to what the server is asked.
import type { Ask } from '@/api/types';
import { splitColours, type WearSearch } from '@/lib/url-state';

export function askOf(search: WearSearch): Ask {
  return {
    anchor_item_id: search.anchor,
    text: search.text,
    occasion: search.occasion,
    weather:
      search.temperature === undefined
        ? undefined
        : { temperature_c: search.temperature, is_wet: search.wet === true },
    dress_code: search.code,
    colours: splitColours(search.colours),
    without_colours: splitColours(search.without),
    include_unclean: search.laundry,
  };
}

export function temperatureWord(celsius: number): string {
  if (celsius < 0) return 'freezing';
  if (celsius < 8) return 'cold';
  if (celsius < 15) return 'fresh';
  if (celsius < 21) return 'mild';
  if (celsius < 27) return 'warm';
  return 'hot';
}
