import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { FeedbackBar } from '@/features/outfits/feedback-bar';
import { anOutfit } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

it('asks how warm it was once it is worn', async () => {
  const said: unknown[] = [];
  answer('post', '/api/feedback', async (request) => {
    const { kind } = (await request.json()) as { kind: string };
    said.push(kind);
    const event = { id: kind, kind, sentence: `You said ${kind}.`, outfit_id: '1' };
    return json({ event: { ...event, created_at: '2026-01-01T00:00:00Z' } });
  });
  renderInApp(<FeedbackBar outfit={anOutfit('1', ['a'])} aside={null} />);
  const wear = await screen.findByRole('button', { name: 'Wear it' });
  expect(screen.queryByRole('button', { name: 'Too cold' })).toBeNull();
  await userEvent.click(wear);
  await userEvent.click(await screen.findByRole('button', { name: 'Too cold' }));
  expect(await screen.findByText('You said too_cold.')).toBeInTheDocument();
  expect(said).toEqual(['wear', 'too_cold']);
});
