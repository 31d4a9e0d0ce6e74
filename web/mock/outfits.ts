// Outfits by chance, with parts that add up, and lessons in words.
import { randomUUID } from 'node:crypto';

import type { components } from '@/api/schema';
import { type Item, type Lesson, type Outfit, state } from './state.ts';

type Schemas = components['schemas'];

const FEATURES = [
  ['clip', 'Goes with what you asked'],
  ['taste', 'Close to what you like'],
  ['harmony', 'Colours in harmony'],
  ['weather', 'Right for the weather'],
  ['rotation', 'Not worn for a while'],
  ['occasion', 'Dressed for the occasion'],
] as const;

function partsOf(seed: number): Schemas['Part'][] {
  return FEATURES.map(([feature, label], index) => {
    const value = Math.sin(seed * 7.3 + index * 1.9);
    const weight = 0.9 - index * 0.13;
    return { feature, label, value, weight, contribution: value * weight };
  });
}

const sum = (parts: Schemas['Part'][]) =>
  parts.reduce((total, part) => total + part.contribution, 0);

let turn = 0;

export function recommend(ask: Schemas['RecommendRequest']): Schemas['RecommendAnswer'] {
  const ready = [...state.items.values()].filter(
    (item) =>
      item.state === 'ready' &&
      !item.deleted_at &&
      item.whereabouts === 'at-hand' &&
      (item.is_clean || ask.include_unclean),
  );
  const of = (slot: Schemas['Slot'], seed: number) => {
    const choices = ready.filter((item) => item.slot === slot);
    const anchor = choices.find((item) => item.id === ask.anchor_item_id);
    return anchor ?? choices[seed % Math.max(1, choices.length)];
  };
  turn += 1;
  const outfits = Array.from({ length: ask.count ?? 3 }, (_, index): Outfit => {
    const seed = turn + index * 3;
    const slots: Schemas['Slot'][] =
      index % 3 === 1
        ? ['one-piece', 'shoes', 'bag']
        : index % 3 === 2
          ? ['top', 'bottom', 'shoes', 'outer', 'accessory']
          : ['top', 'bottom', 'shoes', 'outer'];
    const items = slots.flatMap((slot, place) => {
      const item = of(slot, seed + place);
      const parts = partsOf(seed + place + 1);
      return item ? [{ item, slot, score: sum(parts), parts }] : [];
    });
    const parts = partsOf(seed);
    const outfit: Outfit = {
      id: randomUUID(),
      score: sum(parts),
      probability: 1 / (1 + Math.exp(-sum(parts))),
      sentence: `The ${items[0]?.item.name ?? 'first piece'} and the ${items[1]?.item.name ?? 'second'} keep to calm colours, suit ${ask.occasion ?? 'any occasion'}, and you have not worn them for a while.`,
      what_would_change_it: items.slice(0, 1).map(({ item }) => ({
        without: item.id,
        needs_wash: false,
        probability: 0.5,
        sentence: `Without the ${item.name} it would be 50 % rather than more.`,
      })),
      created_at: new Date().toISOString(),
      is_saved: false,
      items,
      parts,
    };
    state.outfits.set(outfit.id, outfit);
    return outfit;
  });
  return {
    outfits,
    missing: ready.some((item) => item.slot === 'headwear') ? [] : ['headwear'],
    notes: ask.weather?.is_wet ? ['You own nothing that keeps the rain off your head.'] : [],
    pack: 'flashfit-mock@1',
    fusion_version: 'mock-1',
  };
}

export function planWeek(week: Schemas['WeekRequest']): Schemas['WeekAnswer'] {
  const days = week.days.map((day) => {
    const { outfits, missing, notes } = recommend({
      occasion: day.occasion,
      weather: day.weather,
      include_unclean: week.include_unclean,
      count: 1,
    });
    return { date: day.date, outfit: outfits[0], missing, notes };
  });
  return { days, notes: [], pack: 'flashfit-mock@1', fusion_version: 'mock-1' };
}

const SENTENCES: Record<Lesson['kind'], string> = {
  like: 'You like this combination: more of its colours.',
  dislike: 'Less of this combination.',
  save: 'You kept this outfit.',
  skip: 'Not today.',
  wear: 'You wore this: these pieces rest for a while.',
  wore_instead: 'You chose your own: those pieces go together.',
  rating: 'You rated what you wore.',
  would_wear: 'You would wear this.',
  would_not_wear: 'You would rather not wear this.',
  too_warm: 'You were too warm in this.',
  too_cold: 'You were too cold in this.',
};

export function learn(body: Schemas['FeedbackRequest']): Lesson {
  const lesson: Lesson = {
    id: randomUUID(),
    kind: body.kind,
    sentence: body.reason
      ? `Less of this: ${body.reason.replaceAll('_', ' ')}.`
      : SENTENCES[body.kind],
    rating: body.rating,
    reason: body.reason,
    outfit_id: body.outfit_id,
    created_at: new Date().toISOString(),
  };
  state.lessons.unshift(lesson);
  const outfit = state.outfits.get(body.outfit_id);
  if (outfit && body.kind === 'save') outfit.is_saved = true;
  if (outfit && body.kind === 'wear') {
    for (const { item } of outfit.items) worn(item);
  }
  return lesson;
}

function worn(item: Item) {
  const stored = state.items.get(item.id);
  if (!stored) return;
  stored.wears += 1;
  stored.last_worn_at = new Date().toISOString();
}

export function taste(): Schemas['Taste'] {
  return {
    events: state.lessons.length,
    weights: FEATURES.map(([feature, label], index) => {
      const prior = 0.4 - index * 0.06;
      const moved = state.lessons.length === 0 ? 0 : Math.sin(index * 2.1) * 0.16;
      return { feature, label, prior, weight: prior + moved, deviation: 0.2 };
    }),
  };
}
