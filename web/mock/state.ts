// The mock's memory: one person, their garments, what they were shown and what they said.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { components } from '@/api/schema';
import { drawing, PALETTE, KINDS } from './drawings.ts';

type Schemas = components['schemas'];
export type Item = Schemas['Item'];
export type Outfit = Schemas['Outfit'];
export type Lesson = Schemas['Lesson'];

export interface Picture {
  type: string;
  bytes: Buffer;
}

export const state = {
  users: new Map<string, Schemas['User']>(),
  passwords: new Map<string, string>(),
  sessions: new Map<string, string>(),
  tokens: [] as Schemas['Token'][],
  items: new Map<string, Item>(),
  pictures: new Map<string, Picture>(),
  outfits: new Map<string, Outfit>(),
  lessons: [] as Lesson[],
  /** Number of a piece to choose → the lesson that its answer became. */
  answers: new Map<number, Lesson>(),
  listeners: new Set<(item: Item) => void>(),
};

/** Every new account finds an empty wardrobe, as with the real server. */
export function forgetEverything(): void {
  state.items.clear();
  state.pictures.clear();
  state.outfits.clear();
  state.lessons = [];
  state.answers.clear();
}

const pick = <T>(values: readonly T[], seed: number): T => values[seed % values.length] as T;

export function attributesOf(category: string, seed: number): Item['attributes'] {
  const sure = 0.55 + ((seed * 37) % 45) / 100;
  const doubt = seed % 4 === 1;
  const make = (
    name: string,
    value: string,
    probability: number,
    others: string[],
  ): Item['attributes'][number] => ({
    name,
    value,
    probability,
    source: 'model',
    is_sure: probability >= 0.5,
    alternatives: others.map((other, index) => ({
      value: other,
      probability: (1 - probability) * (0.6 - index * 0.2),
    })),
  });
  return [
    make(
      'category',
      category,
      doubt ? 0.46 : sure,
      ['shirt', 'sweater', 'jacket'].filter((one) => one !== category),
    ),
    make('pattern', pick(['plain', 'striped', 'floral', 'checked'], seed), 0.93, ['graphic']),
    make('sleeve', pick(['short', 'long', 'na'], seed), 0.88, ['three-quarter']),
    make('formality', String(1 + (seed % 5)), 0.61, ['2']),
    make('warmth', String(1 + ((seed * 3) % 5)), seed % 5 === 2 ? 0.38 : 0.72, ['3', '4']),
    make('audience', pick(['women', 'men', 'unisex'], seed), 0.81, ['unisex']),
    make('season', pick(['summer', 'winter', 'all-year'], seed), 0.77, ['all-year']),
  ];
}

export function addItem(picture: Picture, name: string, seed: number, isReady: boolean): Item {
  const id = randomUUID();
  const kind = pick(KINDS, seed);
  const first = pick(PALETTE, seed * 5 + 1);
  const second = pick(PALETTE, seed * 3 + 4);
  const now = new Date().toISOString();
  const url = `/api/images/${id}`;
  state.pictures.set(id, picture);
  const item: Item = {
    id,
    name,
    state: isReady ? 'ready' : 'pending',
    attributes: isReady ? attributesOf(kind.category, seed) : [],
    colours: isReady
      ? [
          { ...first, share: 0.68 },
          { ...second, share: 0.23 },
        ]
      : [],
    category: isReady ? kind.category : undefined,
    slot: isReady ? kind.slot : undefined,
    caption: isReady ? `a ${first.name} ${kind.category} lying flat` : undefined,
    is_clean: seed % 9 !== 4,
    whereabouts: seed % 9 === 7 ? 'lent' : 'at-hand',
    wears: seed % 3,
    last_worn_at: seed % 3 ? new Date(Date.now() - seed * 86_400_000).toISOString() : undefined,
    created_at: now,
    updated_at: now,
    width: 900,
    height: 1200,
    images: { photo: url, large: url, small: url },
    pack: 'flashfit-mock@1',
  };
  state.items.set(id, item);
  return item;
}

/** Recognition as it looks from outside: waiting, working, done. */
export function recognise(item: Item, seed: number): void {
  const kind = pick(KINDS, seed);
  const step = (change: Partial<Item>, afterMs: number) =>
    setTimeout(() => {
      Object.assign(item, change, { updated_at: new Date().toISOString() });
      for (const tell of state.listeners) tell(item);
    }, afterMs);
  step({ state: 'processing' }, 500);
  const first = pick(PALETTE, seed * 5 + 1);
  step(
    {
      state: 'ready',
      ...kind,
      name: `${first.name} ${kind.category}`,
      caption: `a ${first.name} ${kind.category} lying flat`,
      attributes: attributesOf(kind.category, seed),
      colours: [
        { ...first, share: 0.7 },
        { ...pick(PALETTE, seed + 2), share: 0.2 },
      ],
    },
    1500 + (seed % 5) * 350,
  );
}

/** A wardrobe to look at: photos of a folder when one is named, drawings otherwise. */
export function seedWardrobe(folder = process.env.MOCK_PHOTOS): void {
  const photos =
    folder && existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jpg')) : [];
  for (let seed = 0; seed < 46; seed += 1) {
    const photo = photos[seed];
    const kind = pick(KINDS, seed);
    const colour = pick(PALETTE, seed * 5 + 1);
    const picture: Picture = photo
      ? { type: 'image/jpeg', bytes: readFileSync(join(folder ?? '', photo)) }
      : { type: 'image/svg+xml', bytes: Buffer.from(drawing(kind.slot, colour.hex)) };
    const item = addItem(picture, `${colour.name} ${kind.category}`, seed, true);
    item.created_at = new Date(Date.now() - seed * 3_600_000).toISOString();
    if (seed === 6) {
      Object.assign(item, {
        state: 'failed',
        failure: 'the photo shows no garment',
        attributes: [],
      });
    }
  }
}
