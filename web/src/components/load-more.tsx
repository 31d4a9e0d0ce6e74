import { Button, Center } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useEffect } from 'react';

interface Props {
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** The end of a list: asks for more when it comes near, and can be pressed as well. */
export function LoadMore({ hasMore, isLoading, onMore }: Props) {
  const { ref, entry } = useIntersection({ rootMargin: '600px' });
  const isNear = entry?.isIntersecting === true;

  useEffect(() => {
    if (isNear && hasMore && !isLoading) onMore();
  }, [isNear, hasMore, isLoading, onMore]);

  if (!hasMore) return null;
  return (
    <Center ref={ref} mt="xl">
      <Button variant="default" loading={isLoading} onClick={onMore}>
        Show more
      </Button>
    </Center>
  );
}
