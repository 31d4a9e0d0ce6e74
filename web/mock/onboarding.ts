// Pieces to choose from: silhouettes, and answers that become lessons.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { components } from '@/api/schema';
import { drawing, KINDS, PALETTE } from './drawings.ts';
import { jsonOf, Refusal, send } from './http.ts';
import { state } from './state.ts';

type Schemas = components['schemas'];

const LOOKS = Array.from({ length: 12 }, (_, index) => ({
  kind: KINDS[index % KINDS.length],
  colour: PALETTE[(index * 5 + 1) % PALETTE.length],
}));

const descriptionOf = (index: number) =>
  `a ${LOOKS[index]?.colour?.name} ${LOOKS[index]?.kind?.category}`;

function pieces(): Schemas['Onboarding'] {
  return {
    pieces: LOOKS.map((_, index) => ({
      id: index + 1,
      description: descriptionOf(index),
      picture: `/api/onboarding/${index + 1}/picture`,
      answer: (state.answers.get(index + 1)?.kind ?? null) as Schemas['PieceAnswer'] | null,
    })),
  };
}

function say({ piece, answer }: Schemas['OnboardingPick']): void {
  if (!LOOKS[piece - 1]) throw new Refusal(404, 'Piece not found', `there is no piece ${piece}`);
  const before = state.answers.get(piece);
  if ((before?.kind ?? null) === answer) return;
  state.lessons = state.lessons.filter((lesson) => lesson !== before);
  state.answers.delete(piece);
  if (!answer) return;
  const would = answer === 'would_wear' ? 'would' : 'would rather not';
  const lesson = {
    id: randomUUID(),
    kind: answer,
    sentence: `You ${would} wear ${descriptionOf(piece - 1)}.`,
    created_at: new Date().toISOString(),
  };
  state.answers.set(piece, lesson);
  state.lessons.unshift(lesson);
}

export async function onboarding(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname }: URL,
): Promise<boolean> {
  const picture = /^\/api\/onboarding\/(\d+)\/picture$/.exec(pathname);
  const look = LOOKS[Number(picture?.[1]) - 1];
  if (look?.kind && look.colour) {
    response.writeHead(200, { 'content-type': 'image/svg+xml' });
    response.end(drawing(look.kind.slot, look.colour.hex));
    return true;
  }
  if (pathname !== '/api/onboarding') return false;
  if (request.method === 'PUT') {
    const { picks } = await jsonOf<Schemas['OnboardingPicks']>(request);
    picks.forEach(say);
  }
  send(response, 200, pieces());
  return true;
}
