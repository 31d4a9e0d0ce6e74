import { screen } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';

import { GarmentCard } from '@/components/garment-card';
import { ItemRecognition } from '@/features/wardrobe/item-recognition';
import { anAttribute, anItem } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

const other = anAttribute({ name: 'garment', value: 'other', probability: 0.93 });

beforeEach(() => {
  const words = { audiences: [], categories: [], colours: [], occasions: [], patterns: [] };
  answer('get', '/api/vocabulary', () => json({ ...words, seasons: [], sleeves: [] }));
});

it('says plainly that a photo shows no garment, and takes a correction', async () => {
  renderInApp(<ItemRecognition item={anItem({ attributes: [anAttribute(), other] })} />);
  expect(await screen.findByText('This does not look like a garment')).toBeVisible();
  expect(screen.getByText(/very sure \(93 %\)/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'It is a garment' })).toBeEnabled();
});

it('says nothing of it where there is a garment', async () => {
  const attributes = [anAttribute(), { ...other, value: 'garment' }];
  renderInApp(<ItemRecognition item={anItem({ attributes })} />);
  expect(await screen.findByText('What FlashFit sees')).toBeVisible();
  expect(screen.queryByText('This does not look like a garment')).toBeNull();
});

it('asks in the grid, too', async () => {
  renderInApp(<GarmentCard item={anItem({ attributes: [other] })} />);
  expect(await screen.findByText('No garment?')).toBeVisible();
});
