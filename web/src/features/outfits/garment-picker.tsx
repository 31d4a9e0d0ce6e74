import { Button, CloseButton, Group, Modal, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { itemsQuery } from '@/api/garments';
import { GarmentPhoto } from '@/components/garment-photo';
import { LoadMore } from '@/components/load-more';
import { PhotoGrid, PhotoGridSkeleton } from '@/components/photo-grid';
import { ProblemNote } from '@/components/problem-note';
import { countOf, sentenceCase } from '@/lib/format';

import classes from './garment-picker.module.css';

interface Props {
  title: string;
  /** One garment is chosen by pressing it; several are ticked and confirmed. */
  isMultiple?: boolean;
  isBusy?: boolean;
  confirm?: string;
  onClose: () => void;
  onChosen: (ids: string[]) => void;
}

export function GarmentPicker({ title, isMultiple, isBusy, confirm, onClose, onChosen }: Props) {
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 250);
  const [chosen, setChosen] = useState<string[]>([]);
  const isPhone = useMediaQuery('(max-width: 48em)');
  const items = useInfiniteQuery(itemsQuery({ state: 'ready', text: settled || undefined }));
  const garments = items.data?.pages.flatMap((page) => page.items) ?? [];
  const press = (id: string) => {
    if (!isMultiple) onChosen([id]);
    else if (chosen.includes(id)) setChosen(chosen.filter((one) => one !== id));
    else setChosen([...chosen, id]);
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="xl"
      fullScreen={isPhone}
      radius={isPhone ? 0 : 'lg'}
    >
      <TextInput
        data-autofocus
        type="search"
        aria-label="Search the wardrobe"
        placeholder="Search"
        mb="md"
        value={text}
        leftSection={<IconSearch size={17} aria-hidden />}
        rightSection={
          text && <CloseButton size="sm" aria-label="Clear" onClick={() => setText('')} />
        }
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {items.isPending && <PhotoGridSkeleton count={8} />}
      {items.isError && <ProblemNote error={items.error} onRetry={items.refetch} />}
      {items.isSuccess && garments.length === 0 && <Text c="dimmed">No garment like that.</Text>}
      <PhotoGrid label="Garments to choose from">
        {garments.map((item) => {
          const isChosen = chosen.includes(item.id);
          return (
            <li key={item.id}>
              <button
                type="button"
                className={classes.choice}
                aria-pressed={isMultiple ? isChosen : undefined}
                onClick={() => press(item.id)}
              >
                <span className={classes.photo}>
                  <GarmentPhoto item={item} alt="" />
                  {isChosen && (
                    <span className={classes.tick} aria-hidden>
                      <IconCheck size={18} />
                    </span>
                  )}
                </span>
                <Text component="span" size="sm" fw={600} truncate display="block" mt={6}>
                  {sentenceCase(item.name)}
                </Text>
              </button>
            </li>
          );
        })}
      </PhotoGrid>
      <LoadMore list={items} />
      {isMultiple && (
        <Group justify="space-between" className={classes.foot}>
          <Text size="sm" c="dimmed" aria-live="polite">
            {countOf(chosen.length, 'garment')} chosen
          </Text>
          <Button disabled={chosen.length === 0} loading={isBusy} onClick={() => onChosen(chosen)}>
            {confirm ?? 'Choose'}
          </Button>
        </Group>
      )}
    </Modal>
  );
}
