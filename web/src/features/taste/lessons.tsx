import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconBookmark,
  IconHanger,
  IconMoodSpark,
  IconPlayerSkipForward,
  IconRepeat,
  IconShirt,
  IconShirtOff,
  IconStar,
  IconTemperatureMinus,
  IconTemperaturePlus,
  IconThumbDown,
  IconThumbUp,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';

import type { Lesson } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';
import { LoadMore } from '@/components/load-more';
import { ProblemNote } from '@/components/problem-note';
import { lessonsQuery, useUndoLesson } from '@/features/taste/api';
import { formatAgo } from '@/lib/format';

import classes from './lessons.module.css';

const ICONS: Record<Lesson['kind'], typeof IconHanger> = {
  like: IconThumbUp,
  dislike: IconThumbDown,
  save: IconBookmark,
  skip: IconPlayerSkipForward,
  wear: IconHanger,
  wore_instead: IconRepeat,
  rating: IconStar,
  would_wear: IconShirt,
  would_not_wear: IconShirtOff,
  too_warm: IconTemperaturePlus,
  too_cold: IconTemperatureMinus,
};

function LessonRow({ lesson }: { lesson: Lesson }) {
  const undo = useUndoLesson();
  const Icon = ICONS[lesson.kind];
  return (
    <li className={classes.row} data-testid="lesson">
      <span className={classes.icon} data-kind={lesson.kind} aria-hidden>
        <Icon size={19} stroke={1.6} />
      </span>
      <div className={classes.words}>
        <Text>{lesson.sentence}</Text>
        <Text size="xs" c="dimmed">
          {formatAgo(lesson.created_at)}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        loading={undo.isPending}
        onClick={() => undo.mutate(lesson.id)}
        aria-label={`Take back: ${lesson.sentence}`}
      >
        Take back
      </Button>
    </li>
  );
}

export function Lessons() {
  const lessons = useInfiniteQuery(lessonsQuery);
  const rows = lessons.data?.pages.flatMap((page) => page.lessons) ?? [];
  if (lessons.isPending) {
    return (
      <Stack gap="sm" aria-hidden>
        {[0, 1, 2].map((index) => (
          <Skeleton key={index} h={60} radius="md" />
        ))}
      </Stack>
    );
  }
  if (lessons.isError && rows.length === 0) {
    return <ProblemNote error={lessons.error} onRetry={lessons.refetch} />;
  }
  if (rows.length === 0) {
    return (
      <EmptyState
        icon={<IconMoodSpark size={34} stroke={1.4} />}
        title="No lessons yet"
        action={
          <Group justify="center" gap="sm">
            <ButtonLink to="/wear">Ask what to wear</ButtonLink>
            <ButtonLink to="/style" variant="default">
              Say what you would wear
            </ButtonLink>
          </Group>
        }
      >
        Like, dislike or wear a suggestion, or choose what you would wear: what FlashFit makes of it
        stands here in plain words.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label="Lessons">
        {rows.map((lesson) => (
          <LessonRow key={lesson.id} lesson={lesson} />
        ))}
      </ul>
      <LoadMore list={lessons} />
    </>
  );
}
