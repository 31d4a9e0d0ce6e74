import { Button, Group, Progress, Skeleton, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import type { Piece } from '@/api/types';
import { ButtonLink } from '@/components/links';
import { PageHeader } from '@/components/page-header';
import { ProblemNote } from '@/components/problem-note';
import { piecesQuery } from '@/features/style/api';
import { PieceCard } from '@/features/style/piece-card';
import { useChoice } from '@/features/style/use-choice';
import { countOf } from '@/lib/format';

import classes from './style-page.module.css';

const PIECES = 12;

function Waiting() {
  return (
    <div className={classes.grid} aria-hidden>
      {Array.from({ length: PIECES }, (_, index) => (
        <Skeleton key={index} className={classes.waiting} radius="lg" />
      ))}
    </div>
  );
}

interface ChoiceProps {
  pieces: Piece[];
  onDone: () => void;
  /** Where one goes without an answer, and what that is called. */
  leave: { to: '/wardrobe' | '/taste'; label: string };
}

/** The pieces, how far one is, and the way on. */
export function Choice({ pieces, onDone, leave }: ChoiceProps) {
  const { answers, answered, tap, send } = useChoice(pieces);
  const tellAndLeave = (count: number) => {
    if (count > 0) {
      notifications.show({
        message: `FlashFit starts from ${countOf(count, 'answer')}. Each can be taken back.`,
      });
    }
    onDone();
  };
  return (
    <>
      {send.isError && <ProblemNote error={send.error} title="This was not kept" />}
      <ul className={classes.grid} aria-label="Pieces">
        {pieces.map((piece) => (
          <PieceCard
            key={piece.id}
            piece={piece}
            answer={answers.get(piece.id) ?? null}
            onTap={() => tap(piece)}
          />
        ))}
      </ul>
      <div className={classes.bar}>
        <div className={classes.progress}>
          <Text size="sm" fw={600} aria-live="polite">
            {answered} of {pieces.length} answered
          </Text>
          <Progress value={(100 * answered) / pieces.length} size="sm" aria-hidden />
        </div>
        <Group gap="xs" wrap="nowrap">
          <ButtonLink to={leave.to} variant="subtle">
            {leave.label}
          </ButtonLink>
          <Button loading={send.isPending} onClick={() => send.mutate(tellAndLeave)}>
            Done
          </Button>
        </Group>
      </div>
    </>
  );
}

/** Before there is anything to say about outfits: what would one wear? */
export function StylePage() {
  const { first } = useSearch({ from: '/signed-in/style' });
  const navigate = useNavigate();
  const pieces = useQuery(piecesQuery);
  const leave = first
    ? ({ to: '/wardrobe', label: 'Skip' } as const)
    : ({ to: '/taste', label: 'Cancel' } as const);
  return (
    <>
      <PageHeader
        title="Your style"
        lead="What would you wear? Tap once for yes, twice for rather not, and leave out what you are unsure of. A few answers will do."
      />
      {pieces.isPending && <Waiting />}
      {pieces.isError && <ProblemNote error={pieces.error} onRetry={pieces.refetch} />}
      {pieces.isSuccess && (
        <Choice
          pieces={pieces.data.pieces}
          onDone={() => navigate({ to: leave.to })}
          leave={leave}
        />
      )}
    </>
  );
}
