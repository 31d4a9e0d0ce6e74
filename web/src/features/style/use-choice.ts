import { useState } from 'react';

import type { Piece } from '@/api/types';
import {
  type Answer,
  answerOf,
  type Answers,
  newAnswers,
  nextAnswer,
} from '@/features/style/answers';
import { useAnswers } from '@/features/style/api';

/** What the person chooses before it is sent: nothing is learned until they are done. */
export function useChoice(pieces: Piece[]) {
  const [tapped, setTapped] = useState<Answers>(new Map());
  const sending = useAnswers();
  const answers: Answers = new Map<number, Answer>(
    pieces.map((piece) => [piece.id, answerOf(piece, tapped)]),
  );
  const answered = [...answers.values()].filter((answer) => answer !== null).length;

  const tap = (piece: Piece) =>
    setTapped((before) => new Map(before).set(piece.id, nextAnswer(answerOf(piece, before))));

  /** Sends what is news, if anything is, and says how many answers there are then. */
  const mutate = (onDone: (answered: number) => void) => {
    const news = newAnswers(pieces, tapped);
    if (news.size === 0) onDone(0);
    else sending.mutate(news, { onSuccess: () => onDone(answered) });
  };

  const { isPending, isError, error } = sending;
  return { answers, answered, tap, send: { mutate, isPending, isError, error } };
}
