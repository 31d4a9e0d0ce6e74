import { Button, Center, Stack, Text } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';

import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';
import { OutfitCard } from '@/features/outfits/outfit-card';
import { Remarks } from '@/features/outfits/remarks';
import type { Suggestions } from '@/features/outfits/use-suggestions';

import grid from './outfit-grid.module.css';

interface Props {
  suggestions: Suggestions;
  replacingId?: string;
  isAskingMore: boolean;
  onTurnedDown: (outfitId: string) => void;
  onMore: () => void;
}

export function SuggestionList(props: Props) {
  const { suggestions, replacingId, isAskingMore, onTurnedDown, onMore } = props;
  const { outfits, missing, notes } = suggestions;
  return (
    <Stack gap="lg">
      <Remarks missing={missing} notes={notes} />
      {outfits.length === 0 && (
        <EmptyState
          icon={<IconZoomQuestion size={32} stroke={1.4} />}
          title="No outfit this time"
          action={
            <ButtonLink to="/wardrobe" search={{ add: true }} variant="default">
              Add photos
            </ButtonLink>
          }
        >
          Nothing in your wardrobe fits this question. Ask for less, or add what is missing.
        </EmptyState>
      )}
      <div className={grid.grid}>
        {outfits.map((outfit, index) => (
          <OutfitCard
            key={outfit.id}
            outfit={outfit}
            title={`Idea ${index + 1}`}
            isReplacing={outfit.id === replacingId}
            isNew={outfit.id === suggestions.replacementId}
            onTurnedDown={() => onTurnedDown(outfit.id)}
          />
        ))}
      </div>
      {outfits.length > 0 && (
        <Center>
          <Button variant="default" loading={isAskingMore} onClick={onMore}>
            More ideas
          </Button>
        </Center>
      )}
      <Text size="xs" c="dimmed" ta="center">
        Recognised by {suggestions.pack}, chosen with scoring version {suggestions.fusion_version}
      </Text>
    </Stack>
  );
}
