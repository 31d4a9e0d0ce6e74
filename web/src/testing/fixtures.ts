import type { Attribute, Item, Outfit, Part } from '@/api/types';

export function anItem(change: Partial<Item> = {}): Item {
  const id = change.id ?? 'item-1';
  const url = `/api/images/${id}`;
  return {
    id,
    name: 'Navy shirt',
    state: 'ready',
    category: 'shirt',
    slot: 'top',
    attributes: [],
    colours: [{ name: 'navy', hex: '#27314f', share: 1 }],
    is_clean: true,
    whereabouts: 'at-hand',
    wears: 0,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    width: 900,
    height: 1200,
    images: { photo: url, large: url, small: url },
    ...change,
  };
}

export function anAttribute(change: Partial<Attribute> = {}): Attribute {
  return {
    name: 'category',
    value: 'shirt',
    probability: 0.92,
    source: 'model',
    is_sure: true,
    alternatives: [],
    ...change,
  };
}

export function aPart(feature: string, contribution: number): Part {
  return { feature, label: feature, value: contribution, weight: 1, contribution };
}

export function anOutfit(id: string, itemIds: string[]): Outfit {
  return {
    id,
    score: 0.5,
    probability: 0.62,
    sentence: `Outfit ${id} keeps to calm colours.`,
    what_would_change_it: [],
    created_at: '2026-01-01T00:00:00Z',
    is_saved: false,
    items: itemIds.map((itemId) => ({
      item: anItem({ id: itemId }),
      slot: 'top',
      score: 0.2,
      parts: [aPart('taste', 0.2)],
    })),
    parts: [aPart('taste', 0.3), aPart('colour', 0.2)],
  };
}
