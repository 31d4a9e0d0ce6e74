import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { GarmentCard } from '@/components/garment-card';
import { Whereabouts } from '@/features/wardrobe/whereabouts';
import { anItem } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

it('says where a garment is, and sends where it goes', async () => {
  const sent: unknown[] = [];
  answer('patch', '/api/wardrobe/{id}', async (request) => {
    sent.push(await request.json());
    return json(anItem({ whereabouts: 'lent' }));
  });
  renderInApp(<Whereabouts item={anItem()} />);
  expect(await screen.findByRole('radio', { name: 'At hand' })).toBeChecked();
  await userEvent.click(screen.getByText('Lent'));
  expect(sent).toEqual([{ whereabouts: 'lent' }]);
});

it('marks what is away in the grid', async () => {
  renderInApp(<GarmentCard item={anItem({ whereabouts: 'packed' })} />);
  expect(await screen.findByText('Packed')).toBeVisible();
});
