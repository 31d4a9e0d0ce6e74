import { Button, Center } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useEffect } from 'react';

import { ProblemNote } from '@/components/problem-note';

/** What an infinite query says of its next page. */
interface Paged {
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => void;
}

/** The end of a list: asks for more when it comes near, and can be pressed as well. What fails is asked for again by hand
 * alone. */
export function LoadMore({ list }: { list: Paged }) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const { ref, entry } = useIntersection({ rootMargin: '600px' });
  const isNear = entry?.isIntersecting === true;

  useEffect(() => {
    if (isNear && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
  }, [isNear, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  if (isFetchNextPageError) {
    return (
      <ProblemNote error={list.error} title="No more could be loaded" onRetry={fetchNextPage} />
    );
  }
  if (!hasNextPage) return null;
  return (
    <Center ref={ref} mt="xl">
      <Button variant="default" loading={isFetchingNextPage} onClick={fetchNextPage}>
        Show more
      </Button>
    </Center>
  );
}
