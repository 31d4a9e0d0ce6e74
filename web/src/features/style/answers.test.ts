import { expect, it } from 'vitest';

import { type Answer, answerOf, newAnswers, nextAnswer } from '@/features/style/answers';

const piece = (id: number, answer: Answer = null) => ({
  id,
  description: `piece ${id}`,
  picture: `/api/onboarding/${id}/picture`,
  answer,
});

it('goes round: yes, no, nothing', () => {
  const taps = [1, 2, 3, 4].reduce<Answer[]>((all) => [...all, nextAnswer(all.at(-1) ?? null)], []);
  expect(taps).toEqual(['would_wear', 'would_not_wear', null, 'would_wear']);
});

it('believes the tap before the server, also where the tap takes an answer back', () => {
  const known = piece(1, 'would_wear');
  expect(answerOf(known, new Map())).toBe('would_wear');
  expect(answerOf(known, new Map([[1, null]]))).toBeNull();
});

it('sends only what is news', () => {
  const pieces = [piece(1, 'would_wear'), piece(2, 'would_wear'), piece(3), piece(4)];
  const tapped = new Map<number, Answer>([
    [1, null],
    [2, 'would_wear'],
    [3, 'would_not_wear'],
  ]);
  expect([...newAnswers(pieces, tapped)]).toEqual([
    [1, null],
    [3, 'would_not_wear'],
  ]);
});
