import { Button, Group, Rating, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconHanger, IconRefresh, IconThumbDown } from '@tabler/icons-react';
import { skipToken, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { NewFeedback, Outfit } from '@/api/types';
import { type Reactions, reactionsKey, useUnsave } from '@/features/outfits/api';
import { DislikeReasons } from '@/features/outfits/dislike-reasons';
import { SmallAnswers } from '@/features/outfits/small-answers';
import { useTeaching } from '@/features/outfits/use-teaching';
import { WoreInsteadDialog } from '@/features/outfits/wore-instead-dialog';

interface Props {
  outfit: Outfit;
  /** What stands beside the small answers. */
  aside: ReactNode;
  /** The person does not want this one: something else may take its place. */
  onTurnedDown?: () => void;
  /** Another one is wanted in its place, without saying why. */
  onAnother?: () => void;
  /** It is for a day to come: nobody can have worn it yet. */
  isLater?: boolean;
}

function useReactions(outfitId: string): Reactions {
  const { data } = useQuery<Reactions>({
    queryKey: reactionsKey(outfitId),
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data ?? {};
}

/** Says that it is worn today, or that this was said. */
function Wear({
  isWorn,
  isBusy,
  onWear,
}: {
  isWorn: boolean;
  isBusy: boolean;
  onWear: () => void;
}) {
  if (isWorn) {
    return (
      <Text fw={600} size="sm" ta="center" lh="36px">
        <IconCheck size={17} style={{ verticalAlign: '-3px' }} aria-hidden /> You wear this
      </Text>
    );
  }
  return (
    <Button disabled={isBusy} leftSection={<IconHanger size={18} aria-hidden />} onClick={onWear}>
      Wear it
    </Button>
  );
}

interface FeelProps {
  outfit: Outfit;
  isBusy: boolean;
  onRate: (stars: number) => void;
  onFelt: (kind: 'too_warm' | 'too_cold') => void;
}

function HowDoesItFeel({ outfit, isBusy, onRate, onFelt }: FeelProps) {
  return (
    <Group gap={10}>
      <Text size="sm" c="dimmed" id={`rating-${outfit.id}`}>
        How does it feel?
      </Text>
      <Rating
        aria-labelledby={`rating-${outfit.id}`}
        getSymbolLabel={(stars) => `${stars} of 5`}
        onChange={onRate}
      />
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        onClick={() => onFelt('too_warm')}
      >
        Too warm
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        onClick={() => onFelt('too_cold')}
      >
        Too cold
      </Button>
    </Group>
  );
}

export function FeedbackBar({ outfit, aside, onTurnedDown, onAnother, isLater }: Props) {
  const reactions = useReactions(outfit.id);
  const { teach, takeBack, isBusy } = useTeaching();
  const unsave = useUnsave();
  const [isAsking, asking] = useDisclosure(false);
  const [isInstead, instead] = useDisclosure(false);
  const say = (kind: NewFeedback['kind'], extra?: Partial<NewFeedback>, onDone?: () => void) =>
    teach({ outfit_id: outfit.id, kind, ...extra }, onDone);
  const undo = (kind: 'like' | 'save', id: string) => takeBack({ id, kind, outfit_id: outfit.id });
  const isSaved = Boolean(reactions.save) || outfit.is_saved;
  const toggleSave = () => {
    if (reactions.save) undo('save', reactions.save);
    else if (outfit.is_saved) unsave.mutate(outfit.id);
    else say('save');
  };

  return (
    <>
      <Group gap={8} grow preventGrowOverflow={false} role="group" aria-label="What do you think?">
        {!isLater && (
          <Wear isWorn={Boolean(reactions.wear)} isBusy={isBusy} onWear={() => say('wear')} />
        )}
        {onAnother && (
          <Button
            variant="default"
            disabled={isBusy}
            leftSection={<IconRefresh size={17} aria-hidden />}
            onClick={onAnother}
          >
            Another one
          </Button>
        )}
        <Button
          variant={reactions.dislike ? 'light' : 'default'}
          disabled={isBusy}
          aria-expanded={isAsking}
          leftSection={<IconThumbDown size={17} aria-hidden />}
          onClick={asking.toggle}
        >
          Not for me
        </Button>
      </Group>
      {isAsking && (
        <DislikeReasons
          isReplaced={onTurnedDown !== undefined}
          isBusy={isBusy}
          onChoose={(reason) =>
            say('dislike', { reason }, () => {
              asking.close();
              onTurnedDown?.();
            })
          }
        />
      )}
      {reactions.wear && (
        <HowDoesItFeel
          outfit={outfit}
          isBusy={isBusy}
          onRate={(rating) => say('rating', { rating })}
          onFelt={say}
        />
      )}
      <Group justify="space-between" wrap="nowrap">
        {aside}
        <SmallAnswers
          isLiked={Boolean(reactions.like)}
          isSaved={isSaved}
          isBusy={isBusy || unsave.isPending}
          onLike={() => (reactions.like ? undo('like', reactions.like) : say('like'))}
          onSave={toggleSave}
          onInstead={isLater ? undefined : instead.open}
          onSkip={
            onTurnedDown && !onAnother ? () => say('skip', undefined, onTurnedDown) : undefined
          }
        />
      </Group>
      {isInstead && (
        <WoreInsteadDialog
          onClose={instead.close}
          isBusy={isBusy}
          onChosen={(ids) => say('wore_instead', { worn_item_ids: ids }, instead.close)}
        />
      )}
    </>
  );
}
