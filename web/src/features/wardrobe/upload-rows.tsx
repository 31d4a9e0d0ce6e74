import { ActionIcon, Button, Group, Loader, Progress, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy, IconX } from '@tabler/icons-react';

import { FilePreview } from '@/components/file-preview';
import { TextLink } from '@/components/links';
import { useUploadQueue, useUploadRows } from '@/features/wardrobe/upload-context';
import type { UploadRow } from '@/features/wardrobe/upload-queue';

import classes from './upload-rows.module.css';

const WORDS: Record<UploadRow['status'], string> = {
  waiting: 'Waiting',
  uploading: 'Uploading',
  recognising: 'Recognising…',
  ready: 'Ready',
  duplicate: 'Already in your wardrobe',
  problem: 'Problem',
};

function Mark({ status }: { status: UploadRow['status'] }) {
  if (status === 'ready') return <IconCheck size={18} className={classes.good} aria-hidden />;
  if (status === 'duplicate') return <IconCopy size={18} className={classes.soft} aria-hidden />;
  if (status === 'problem') {
    return <IconAlertTriangle size={18} className={classes.bad} aria-hidden />;
  }
  if (status === 'recognising') return <Loader size={16} aria-hidden />;
  return null;
}

function Row({ row }: { row: UploadRow }) {
  const queue = useUploadQueue();
  const { file, status } = row;
  const isMoving = status === 'waiting' || status === 'uploading';
  return (
    <li className={classes.row} data-status={status} data-testid="upload-row">
      <FilePreview file={file} className={classes.preview} />
      <div className={classes.words}>
        <Text size="sm" fw={600} truncate>
          {file.name}
        </Text>
        <Text size="xs" c={status === 'problem' ? 'var(--mantine-color-error)' : 'dimmed'}>
          {row.problem ?? WORDS[status]}
          {status === 'uploading' && ` · ${Math.round(row.progress * 100)} %`}
        </Text>
        {isMoving && (
          <Progress
            size={4}
            mt={4}
            value={row.progress * 100}
            aria-label={`Upload of ${file.name}`}
          />
        )}
      </div>
      <Mark status={status} />
      {row.itemId && status !== 'recognising' && (
        <TextLink to="/wardrobe/$itemId" params={{ itemId: row.itemId }} size="sm">
          Open
        </TextLink>
      )}
      {status === 'problem' && !row.itemId && (
        <Button size="compact-xs" variant="default" onClick={() => queue.retry(row.id)}>
          Retry
        </Button>
      )}
      {status !== 'recognising' && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={isMoving ? `Cancel ${file.name}` : `Hide ${file.name}`}
          onClick={() => queue.remove(row.id)}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
}

/** One row per photo: how far it is, or what is the matter with it. */
export function UploadRows() {
  const rows = useUploadRows();
  const queue = useUploadQueue();
  if (rows.length === 0) return null;
  const isAnyOver = rows.some((row) => row.status === 'ready' || row.status === 'duplicate');
  return (
    <div>
      <ul className={classes.rows} aria-label="Photos on their way">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {isAnyOver && (
        <Group justify="flex-end" mt="xs">
          <Button size="compact-sm" variant="subtle" onClick={() => queue.clearFinished()}>
            Clear what is finished
          </Button>
        </Group>
      )}
    </div>
  );
}
