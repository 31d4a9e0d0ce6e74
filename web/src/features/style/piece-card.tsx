import { Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';

import type { Piece } from '@/api/types';
import type { Answer } from '@/features/style/answers';
import { sentenceCase } from '@/lib/format';

import classes from './piece-card.module.css';

interface Props {
  piece: Piece;
  answer: Answer;
  onTap: () => void;
}

/** A piece that may be tapped: yes, no, nothing. What was said is part of its name. */
export function PieceCard({ piece, answer, onTap }: Props) {
  return (
    <li>
      <UnstyledButton
        className={classes.card}
        data-answer={answer ?? undefined}
        data-testid="piece"
        onClick={onTap}
      >
        <Text component="span" size="sm" fw={600} className={classes.name}>
          {sentenceCase(piece.description)}
        </Text>
        <span className={classes.frame}>
          <img className={classes.photo} src={piece.picture} alt="" decoding="async" />
          {answer === 'would_wear' && (
            <span className={classes.mark}>
              <IconCheck size={14} stroke={2.8} aria-hidden /> I’d wear it
            </span>
          )}
          {answer === 'would_not_wear' && (
            <span className={classes.mark}>
              <IconX size={14} stroke={2.8} aria-hidden /> Rather not
            </span>
          )}
          {!answer && <VisuallyHidden>No answer</VisuallyHidden>}
        </span>
      </UnstyledButton>
    </li>
  );
}
