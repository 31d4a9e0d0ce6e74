import type { Attribute, Item, Slot, Vocabulary } from '@/api/types';
import { attributeValueLabel, wordLabel } from '@/lib/format';

const SCALE = ['1', '2', '3', '4', '5'];

const LABELS: Record<string, string> = {
  category: 'Kind',
  pattern: 'Pattern',
  sleeve: 'Sleeves',
  formality: 'Formality',
  warmth: 'Warmth',
  audience: 'Made for',
  season: 'Season',
  garment: 'Is a garment',
};

/** The order in which a person would describe a garment. */
const ORDER = Object.keys(LABELS);

export const attributeLabel = (name: string): string => LABELS[name] ?? wordLabel(name);

/** Where sleeves are. */
const SLEEVED: (Slot | null | undefined)[] = ['top', 'one-piece', 'outer'];

/** Whether there is something to say: a bag has no sleeves, and is a garment like all the others. */
function isTelling({ name, value }: Attribute, slot: Item['slot']): boolean {
  // The page says by itself when something is no garment.
  if (name === 'garment') return false;
  return name !== 'sleeve' || value !== 'na' || SLEEVED.includes(slot);
}

/** What says that the photo shows something else, if anything does. */
export const noGarment = ({ attributes }: Item): Attribute | undefined =>
  attributes.find(({ name, value }) => name === 'garment' && value !== 'garment');

export function shownAttributes({ attributes, slot }: Item): Attribute[] {
  const rank = (name: string) => {
    const index = ORDER.indexOf(name);
    return index < 0 ? ORDER.length : index;
  };
  return attributes
    .filter((attribute) => isTelling(attribute, slot))
    .sort((a, b) => rank(a.name) - rank(b.name));
}

function wordsOf(name: string, vocabulary: Vocabulary): string[] {
  switch (name) {
    case 'category':
      return vocabulary.categories.map((category) => category.name);
    case 'pattern':
      return vocabulary.patterns;
    case 'sleeve':
      return vocabulary.sleeves;
    case 'audience':
      return vocabulary.audiences;
    case 'season':
      return vocabulary.seasons;
    case 'formality':
    case 'warmth':
      return SCALE;
    case 'garment':
      return ['garment', 'other'];
    default:
      return [];
  }
}

/** What an attribute may be corrected to; its present value is always among them. */
export function attributeOptions(attribute: Attribute, vocabulary?: Vocabulary) {
  const words = vocabulary ? wordsOf(attribute.name, vocabulary) : [];
  const values = words.includes(attribute.value) ? words : [attribute.value, ...words];
  return values.map((value) => ({ value, label: attributeValueLabel(attribute.name, value) }));
}
