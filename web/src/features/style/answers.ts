import type { Piece, PieceAnswer } from '@/api/types';

export type Answer = PieceAnswer | null;

/** Answers by the number of the piece. */
export type Answers = ReadonlyMap<number, Answer>;

const NEXT: Record<PieceAnswer, Answer> = {
  would_wear: 'would_not_wear',
  would_not_wear: null,
};

/** One tap says yes, the second no, the third nothing. */
export const nextAnswer = (answer: Answer): Answer => (answer ? NEXT[answer] : 'would_wear');

/** What the person says of a piece: what was tapped, else what they said before. */
export function answerOf(piece: Piece, tapped: Answers): Answer {
  const answer = tapped.get(piece.id);
  return answer === undefined ? piece.answer : answer;
}

/** What the server does not know yet. */
export function newAnswers(pieces: Piece[], tapped: Answers): Answers {
  const news = pieces.filter((piece) => answerOf(piece, tapped) !== piece.answer);
  return new Map(news.map((piece) => [piece.id, answerOf(piece, tapped)]));
}
