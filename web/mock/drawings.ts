// Stand-in garments: one silhouette per slot, in any colour.
import type { components } from '@/api/schema';

type Slot = components['schemas']['Slot'];
type Category = components['schemas']['Category'];

export const PALETTE = [
  { name: 'navy', hex: '#27314f' },
  { name: 'beige', hex: '#d8c6a8' },
  { name: 'burgundy', hex: '#6e2236' },
  { name: 'olive', hex: '#66683a' },
  { name: 'white', hex: '#f4f2ee' },
  { name: 'light-blue', hex: '#9fc0dc' },
  { name: 'black', hex: '#232125' },
  { name: 'pink', hex: '#e3a4b4' },
];

export const KINDS: { category: Category; slot: Slot }[] = [
  { category: 't-shirt', slot: 'top' },
  { category: 'jeans', slot: 'bottom' },
  { category: 'sneakers', slot: 'shoes' },
  { category: 'jacket', slot: 'outer' },
  { category: 'dress', slot: 'one-piece' },
  { category: 'sweater', slot: 'top' },
  { category: 'skirt', slot: 'bottom' },
  { category: 'boots', slot: 'shoes' },
  { category: 'scarf', slot: 'accessory' },
  { category: 'bag', slot: 'bag' },
  { category: 'beanie', slot: 'headwear' },
];

const SHAPES: Record<Slot, string> = {
  top: 'M130 120 90 145l-40 90 45 25 20-40v190h170V220l20 40 45-25-40-90-40-25c-20 25-80 25-100 0z',
  bottom: 'M115 90h170l20 330h-75l-30-220-30 220H95z',
  'one-piece': 'M150 80h20c10 25 50 25 60 0h20l10 110 60 220H80l60-220z',
  outer: 'M125 90 80 120l-40 250h50l15-120v180h90V110zm150 0 45 30 40 250h-50l-15-120v180h-90V110z',
  shoes: 'M60 300c40 0 60-60 90-70l40 60c30 20 140 20 150 60v30H60z',
  headwear: 'M90 300c0-160 220-160 220 0zm-15 15h250v40H75z',
  bag: 'M90 200h220l20 200H70zm50 0c0-110 120-110 120 0h-20c0-80-80-80-80 0z',
  accessory: 'M170 60h60v300h-60zm-10 310h80v50h-80z',
};

export function drawing(slot: Slot, hex: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500"><rect width="400" height="500" fill="#efe9e4"/><path d="${SHAPES[slot]}" fill="${hex}" stroke="#2a1d23" stroke-opacity=".25" stroke-width="3"/></svg>`;
}
