import { Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { notifications } from '@mantine/notifications';
import { IconCamera, IconPhotoPlus } from '@tabler/icons-react';

import { useUploadQueue, useUploadRows } from '@/features/wardrobe/upload-context';
import { PHOTO_TYPES, tally } from '@/features/wardrobe/upload-queue';
import { UploadRows } from '@/features/wardrobe/upload-rows';
import { countOf } from '@/lib/format';

import classes from './upload-dialog.module.css';

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

/** Says which files were left out, since no row stands for them. */
export function tellRejected(names: string[]) {
  notifications.show({
    color: 'saffron',
    title: `${countOf(names.length, 'file')} left out`,
    message: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}: FlashFit takes JPEG, PNG, WebP, GIF and BMP.`,
  });
}

export function UploadDialog({ isOpen, onClose }: Props) {
  const queue = useUploadQueue();
  const { active, total } = tally(useUploadRows());
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add photos" size="lg">
      <Stack>
        <Dropzone
          onDrop={(files) => queue.add(files)}
          onReject={(rejections) => tellRejected(rejections.map(({ file }) => file.name))}
          accept={PHOTO_TYPES}
          className={classes.zone}
          inputProps={{ 'aria-label': 'Photos of your clothes' }}
          aria-label="Choose photos, or drop them here"
        >
          <Stack align="center" gap={6} className={classes.inner}>
            <IconPhotoPlus size={40} stroke={1.2} aria-hidden />
            <Text fw={600}>Choose photos, or drop them here</Text>
            <Text size="sm" c="dimmed" ta="center" maw={380}>
              One garment per photo, lying flat or on a hanger, in daylight. Several at once are
              welcome, up to 20 MB each.
            </Text>
          </Stack>
        </Dropzone>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <FileButton
            onChange={(file) => file && queue.add([file])}
            accept="image/*"
            capture="environment"
          >
            {(props) => (
              <Button
                {...props}
                variant="default"
                leftSection={<IconCamera size={18} aria-hidden />}
              >
                Take a photo
              </Button>
            )}
          </FileButton>
          {total > 0 && (
            <Button
              onClick={() => {
                if (active === 0) queue.reset();
                onClose();
              }}
            >
              {active > 0 ? 'Continue meanwhile' : 'Done'}
            </Button>
          )}
        </Group>
        <UploadRows />
      </Stack>
    </Modal>
  );
}
