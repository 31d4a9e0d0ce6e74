import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import { AttributeRow } from '@/features/wardrobe/attribute-row';
import { anAttribute } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';

it('asks when it is not sure, and one press answers', async () => {
  const correct = vi.fn();
  const attribute = anAttribute({
    probability: 0.41,
    is_sure: false,
    alternatives: [{ value: 'blouse', probability: 0.38 }],
  });
  renderInApp(<AttributeRow attribute={attribute} isBusy={false} onCorrect={correct} />);
  expect(await screen.findByText('Is this right?')).toBeVisible();
  expect(screen.getByText(/41 %/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: /Blouse/ }));
  expect(correct).toHaveBeenCalledWith('blouse');
});

it('does not ask when it is sure', async () => {
  renderInApp(<AttributeRow attribute={anAttribute()} isBusy={false} onCorrect={vi.fn()} />);
  const word = await screen.findByText(/very sure/);
  expect(word.parentElement).toHaveTextContent('92 % · very sure');
  expect(screen.queryByText('Is this right?')).toBeNull();
});

it('shows a correction as the person’s own, and lets it be taken back', async () => {
  const correct = vi.fn();
  const attribute = anAttribute({ source: 'person', probability: null });
  renderInApp(<AttributeRow attribute={attribute} isBusy={false} onCorrect={correct} />);
  expect(await screen.findByText('Yours')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: /Take back/ }));
  expect(correct).toHaveBeenCalledWith(null);
});
