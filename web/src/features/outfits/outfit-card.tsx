import { Collapse, Group, LoadingOverlay, Paper, Text, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';

import type { Outfit } from '@/api/types';
import { OutfitCollage } from '@/components/outfit-collage';
import { ScoreBars } from '@/components/score-bars';
import { FeedbackBar } from '@/features/outfits/feedback-bar';
import { formatProbability, formatSigned, sentenceCase, wordLabel } from '@/lib/format';

import classes from './outfit-card.module.css';

interface Props {
  outfit: Outfit;
  title: string;
  isReplacing?: boolean;
  /** It took another's place: the eye and the focus should find it. */
  isNew?: boolean;
  /** It is for a day to come: nobody can have worn it yet. */
  isLater?: boolean;
  onTurnedDown?: () => void;
  /** Another one is wanted in its place, without saying why. */
  onAnother?: () => void;
  /** What else is to be said of it. */
  children?: ReactNode;
}

function Why({ outfit }: { outfit: Outfit }) {
  return (
    <div className={classes.why}>
      <ScoreBars parts={outfit.parts} score={outfit.score} label="What the score is made of" />
      {outfit.what_would_change_it.length > 0 && (
        <ul className={classes.changes} aria-label="What would change it">
          {outfit.what_would_change_it.map(({ sentence }) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <Text size="sm" fw={650} mt="md" mb={4}>
        Each garment by itself
      </Text>
      {outfit.items.map(({ item, slot, score, parts }) => (
        <details key={item.id} className={classes.piece}>
          <summary>
            <span>
              {sentenceCase(item.name)}{' '}
              <Text span size="xs" c="dimmed">
                {wordLabel(slot)}
              </Text>
            </span>
            <span className={classes.score}>{formatSigned(score)}</span>
          </summary>
          <ScoreBars parts={parts} score={score} label={`What speaks for ${item.name}`} />
        </details>
      ))}
    </div>
  );
}

export function OutfitCard(props: Props) {
  const { outfit, title, isReplacing, isNew, isLater, onTurnedDown, onAnother, children } = props;
  const [isOpen, { toggle }] = useDisclosure(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const whyId = useId();

  useEffect(() => {
    if (isNew) heading.current?.focus();
  }, [isNew]);

  return (
    <Paper
      component="article"
      className={classes.card}
      withBorder
      aria-labelledby={`${whyId}-title`}
      aria-busy={isReplacing}
      data-testid="outfit"
      data-outfit={outfit.id}
    >
      <LoadingOverlay visible={isReplacing} overlayProps={{ blur: 2 }} />
      <OutfitCollage outfit={outfit} isEager />
      <div className={classes.body}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Title
            order={2}
            ref={heading}
            tabIndex={-1}
            id={`${whyId}-title`}
            className={classes.title}
          >
            {title}
          </Title>
          <Text size="sm" c="dimmed" className={classes.odds}>
            {formatProbability(outfit.probability)} to your taste
          </Text>
        </Group>
        {children}
        <Text className={classes.sentence}>{outfit.sentence}</Text>
        <FeedbackBar
          outfit={outfit}
          isLater={isLater}
          onTurnedDown={onTurnedDown}
          onAnother={onAnother}
          aside={
            <UnstyledButton
              className={classes.toggle}
              onClick={toggle}
              aria-expanded={isOpen}
              aria-controls={whyId}
            >
              <IconChevronDown size={17} aria-hidden data-open={isOpen || undefined} />
              Why this?
            </UnstyledButton>
          }
        />
        <Collapse expanded={isOpen} id={whyId}>
          <Why outfit={outfit} />
        </Collapse>
      </div>
    </Paper>
  );
}
