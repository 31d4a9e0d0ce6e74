import {
  CloseButton,
  Group,
  Paper,
  Progress,
  Text,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';

import { useUploadQueue, useUploadRows } from '@/features/wardrobe/upload-context';
import { tally, type UploadTally } from '@/features/wardrobe/upload-queue';
import { countOf } from '@/lib/format';

import classes from './upload-tray.module.css';

/** How long good news stays. */
const LINGER_MS = 6_000;

function summaryOf({ active, done, problems, total }: UploadTally): string {
  const trouble = problems > 0 ? `, ${countOf(problems, 'problem')}` : '';
  if (active > 0) return `${done} of ${countOf(total, 'photo')} ready${trouble}`;
  return `${countOf(done, 'photo')} ready${trouble}`;
}

/** What uploads are doing while their dialog is closed; also what a screen reader hears of them. */
export function UploadTray() {
  const queue = useUploadQueue();
  const counts = tally(useUploadRows());
  const navigate = useNavigate();
  const isDialogOpen = useRouterState({
    select: ({ location }) => 'add' in location.search && String(location.search.add) === 'true',
  });
  const isSettled = counts.total > 0 && counts.active === 0 && counts.problems === 0;
  useEffect(() => {
    if (!isSettled || isDialogOpen) return;
    const timer = setTimeout(() => queue.clearFinished(), LINGER_MS);
    return () => clearTimeout(timer);
  }, [isSettled, isDialogOpen, queue]);

  const summary = counts.total > 0 ? summaryOf(counts) : '';
  return (
    <>
      <VisuallyHidden aria-live="polite" role="status">
        {summary}
      </VisuallyHidden>
      {counts.total > 0 && !isDialogOpen && (
        <Paper className={classes.tray} shadow="lg" withBorder>
          <Group wrap="nowrap" gap="xs">
            <UnstyledButton
              className={classes.open}
              onClick={() => navigate({ to: '/wardrobe', search: { add: true } })}
            >
              <Text size="sm" fw={600}>
                {summary}
              </Text>
              <Progress
                mt={6}
                size={6}
                value={counts.progress * 100}
                color={counts.problems > 0 && counts.active === 0 ? 'saffron' : undefined}
                aria-label="Progress of all photos"
              />
            </UnstyledButton>
            {counts.active === 0 && (
              <CloseButton aria-label="Hide the uploads" onClick={() => queue.reset()} />
            )}
          </Group>
        </Paper>
      )}
    </>
  );
}
