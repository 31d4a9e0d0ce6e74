import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { useSuggestions } from '@/features/outfits/use-suggestions';
import { anOutfit } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

function Table() {
  const { suggestions, ask, replace } = useSuggestions();
  const first = suggestions?.outfits[0];
  return (
    <>
      <button onClick={() => ask.mutate({ ask: { occasion: 'work' } })}>Ask</button>
      <button onClick={() => first && replace.mutate(first.id)}>Replace</button>
      <p>{suggestions?.outfits.map((outfit) => outfit.id).join(' ')}</p>
      <p>{replace.isSuccess && 'replaced'}</p>
    </>
  );
}

const reply = (...outfits: ReturnType<typeof anOutfit>[]) =>
  json({ outfits, missing: [], notes: [], pack: 'p', fusion_version: 'f' });

it('puts an idea that was not shown yet where the unwanted one was', async () => {
  const counts: unknown[] = [];
  answer('post', '/api/recommend', async (request) => {
    const { count } = (await request.json()) as { count: number };
    counts.push(count);
    if (counts.length === 1) return reply(anOutfit('1', ['a', 'b']), anOutfit('2', ['a', 'c']));
    // The same garments under new ids: not a new idea.
    return reply(anOutfit('3', ['b', 'a']), anOutfit('4', ['c', 'a']), anOutfit('5', ['d', 'e']));
  });
  renderInApp(<Table />);
  await userEvent.click(await screen.findByText('Ask'));
  expect(await screen.findByText('1 2')).toBeVisible();
  await userEvent.click(screen.getByText('Replace'));
  expect(await screen.findByText('5 2')).toBeVisible();
  expect(counts).toEqual([3, 3]);
});

it('takes the unwanted one away even when there is no other idea', async () => {
  answer('post', '/api/recommend', () => reply(anOutfit('1', ['a']), anOutfit('2', ['b'])));
  renderInApp(<Table />);
  await userEvent.click(await screen.findByText('Ask'));
  await screen.findByText('1 2');
  await userEvent.click(screen.getByText('Replace'));
  expect(await screen.findByText('replaced')).toBeVisible();
  expect(screen.getByText('2')).toBeVisible();
});
