import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import type { Piece } from '@/api/types';
import { Choice } from '@/features/style/style-page';
import { renderInApp } from '@/testing/render';
import { answer, json, problem } from '@/testing/server';

const piece = (id: number, description: string, answered: Piece['answer'] = null): Piece => ({
  id,
  description,
  picture: `/api/onboarding/${id}/picture`,
  answer: answered,
});
const PIECES = [piece(1, 'a white shirt'), piece(2, 'blue jeans', 'would_wear')];

function show() {
  const onDone = vi.fn();
  renderInApp(
    <Choice pieces={PIECES} onDone={onDone} leave={{ to: '/wardrobe', label: 'Skip' }} />,
  );
  return onDone;
}

const named = (name: string) => screen.findByRole('button', { name });

it('says in the name of each piece what was said of it, and goes round with the keyboard', async () => {
  show();
  expect(await named('Blue jeans I’d wear it')).toBeVisible();
  (await named('A white shirt No answer')).focus();
  await userEvent.keyboard('{Enter}');
  expect(await named('A white shirt I’d wear it')).toHaveFocus();
  expect(screen.getByText('2 of 2 answered')).toBeVisible();
  await userEvent.keyboard(' ');
  expect(await named('A white shirt Rather not')).toBeVisible();
  await userEvent.keyboard(' ');
  expect(await named('A white shirt No answer')).toBeVisible();
  expect(screen.getByText('1 of 2 answered')).toBeVisible();
});

it('sends what is news when one is done, and nothing where nothing is', async () => {
  const sent: unknown[] = [];
  answer('put', '/api/onboarding', async (request) => {
    sent.push(await request.json());
    return json({ pieces: PIECES });
  });
  const onDone = show();
  await userEvent.click(await named('Done'));
  expect(onDone).toHaveBeenCalledOnce();
  expect(sent).toEqual([]);
  await userEvent.click(await named('A white shirt No answer'));
  await userEvent.click(await named('Done'));
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledTimes(2));
  expect(sent).toEqual([{ picks: [{ piece: 1, answer: 'would_wear' }] }]);
});

it('keeps the choice where it is when it cannot be sent', async () => {
  answer('put', '/api/onboarding', () => problem(503, 'the database is away'));
  const onDone = show();
  await userEvent.click(await named('A white shirt No answer'));
  await userEvent.click(await named('Done'));
  expect(await screen.findByText('The database is away')).toBeVisible();
  expect(await named('A white shirt I’d wear it')).toBeVisible();
  expect(onDone).not.toHaveBeenCalled();
});
