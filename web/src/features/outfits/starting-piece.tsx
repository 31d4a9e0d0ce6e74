import { Button, CloseButton, FileButton, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCamera, IconHanger } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { itemQuery } from '@/api/garments';
import { FilePreview } from '@/components/file-preview';
import { GarmentPhoto } from '@/components/garment-photo';
import { GarmentPicker } from '@/features/outfits/garment-picker';
import { sentenceCase } from '@/lib/format';

import classes from './starting-piece.module.css';

interface Props {
  anchor?: string;
  onAnchor: (id?: string) => void;
  photo?: File;
  onPhoto: (photo?: File) => void;
}

function Anchor({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { data: item, isError } = useQuery(itemQuery(id));
  return (
    <div className={classes.piece}>
      <span className={classes.photo}>{item && <GarmentPhoto item={item} alt="" />}</span>
      <Text size="sm" fw={600} flex={1} truncate>
        {item ? sentenceCase(item.name) : isError ? 'This garment is gone' : '…'}
      </Text>
      <CloseButton aria-label="Do not start from this garment" onClick={onRemove} />
    </div>
  );
}

function Photo({ photo, onRemove }: { photo: File; onRemove: () => void }) {
  return (
    <div className={classes.piece}>
      <span className={classes.photo}>
        <FilePreview file={photo} />
      </span>
      <Text size="sm" fw={600} flex={1} truncate>
        {photo.name}
      </Text>
      <CloseButton aria-label="Do not start from this photo" onClick={onRemove} />
    </div>
  );
}

/** The garment everything else should go with: one of the wardrobe, or one in a photo. */
export function StartingPiece({ anchor, onAnchor, photo, onPhoto }: Props) {
  const [isPicking, picking] = useDisclosure(false);
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>Start from one piece?</legend>
      {anchor && <Anchor id={anchor} onRemove={() => onAnchor(undefined)} />}
      {photo && <Photo photo={photo} onRemove={() => onPhoto(undefined)} />}
      {!anchor && !photo && (
        <Group gap="xs" grow>
          <Button
            variant="default"
            leftSection={<IconHanger size={18} aria-hidden />}
            onClick={picking.open}
          >
            A garment
          </Button>
          <FileButton accept="image/*" onChange={(file) => file && onPhoto(file)}>
            {(props) => (
              <Button
                {...props}
                variant="default"
                leftSection={<IconCamera size={18} aria-hidden />}
              >
                A photo
              </Button>
            )}
          </FileButton>
        </Group>
      )}
      {isPicking && (
        <GarmentPicker
          title="Start from which garment?"
          onClose={picking.close}
          onChosen={([id]) => {
            picking.close();
            onAnchor(id);
          }}
        />
      )}
    </fieldset>
  );
}
