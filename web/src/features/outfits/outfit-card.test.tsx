import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { OutfitCard } from '@/features/outfits/outfit-card';
import { anOutfit } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';

const WITHOUT = 'Without the navy blazer it would be 58 % rather than 62 %.';

it('says under the bars what would change it', async () => {
  const change = { without: 'a', needs_wash: false, probability: 0.58, sentence: WITHOUT };
  const outfit = { ...anOutfit('1', ['a', 'b']), what_would_change_it: [change] };
  renderInApp(<OutfitCard outfit={outfit} title="Best match" />);
  expect(await screen.findByText(WITHOUT)).not.toBeVisible();
  await userEvent.click(screen.getByText('Why this?'));
  const changes = await screen.findByRole('list', { name: 'What would change it' });
  expect(within(changes).getByText(WITHOUT)).toBeInTheDocument();
});

it('has no empty list where nothing is known to change it', async () => {
  renderInApp(<OutfitCard outfit={anOutfit('1', ['a'])} title="Best match" />);
  await userEvent.click(await screen.findByText('Why this?'));
  expect(screen.queryByRole('list', { name: 'What would change it' })).toBeNull();
});
