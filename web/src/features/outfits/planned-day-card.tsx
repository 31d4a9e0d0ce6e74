import { Button, Paper, Skeleton, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';

import type { Outfit } from '@/api/types';
import { ButtonLink } from '@/components/links';
import { OutfitCard } from '@/features/outfits/outfit-card';
import { Remarks } from '@/features/outfits/remarks';
import type { PlannedDay } from '@/features/outfits/week';
import { formatDate, formatWeekday } from '@/lib/dates';
import { wordLabel } from '@/lib/format';

import card from './outfit-card.module.css';

interface Props {
  day: PlannedDay;
  /** What is said of every day is said above, once. */
  remarks: Pick<PlannedDay, 'missing' | 'notes'>;
  outfit?: Outfit;
  isLoading: boolean;
  isReplacing: boolean;
  isNew: boolean;
  isLater: boolean;
  onAnother: () => void;
}

/** `4 May · 12 °C, rain or snow · Work`. */
function whatItIsLike({ date, temperature, wet, occasion }: PlannedDay): string {
  const weather =
    temperature === undefined ? [] : [`${temperature} °C${wet ? ', rain or snow' : ''}`];
  return [formatDate(date), ...weather, ...(occasion ? [wordLabel(occasion)] : [])].join(' · ');
}

export function PlannedDayCard(props: Props) {
  const { day, remarks, outfit, isLoading, isReplacing, isNew, isLater, onAnother } = props;
  const title = formatWeekday(day.date);
  if (isLoading) return <Skeleton h={430} radius="xl" aria-hidden />;
  const question = (
    <Text size="sm" c="dimmed">
      {whatItIsLike(day)}
    </Text>
  );
  // An outfit whose garments are all gone is none.
  if (!outfit || outfit.items.length === 0) {
    return (
      <Paper component="article" className={card.card} withBorder data-testid="planned-day">
        <div className={card.body}>
          <Title order={2}>{title}</Title>
          {question}
          <Text>
            {day.outfitId ? 'This outfit is gone.' : 'Nothing in your wardrobe dresses this day.'}
          </Text>
          <Remarks missing={[]} notes={remarks.notes} />
          <Button
            variant="default"
            loading={isReplacing}
            leftSection={<IconRefresh size={17} aria-hidden />}
            onClick={onAnother}
          >
            Try again
          </Button>
          <ButtonLink to="/wardrobe" search={{ add: true }} variant="subtle">
            Add photos
          </ButtonLink>
        </div>
      </Paper>
    );
  }
  return (
    <OutfitCard
      outfit={outfit}
      title={title}
      isReplacing={isReplacing}
      isNew={isNew}
      isLater={isLater}
      onTurnedDown={onAnother}
      onAnother={onAnother}
    >
      {question}
      <Remarks missing={remarks.missing} notes={remarks.notes} />
    </OutfitCard>
  );
}
