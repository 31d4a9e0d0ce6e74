import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './photo-grid.module.css';

export function PhotoGrid({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul className={classes.grid} aria-label={label}>
      {children}
    </ul>
  );
}

export function PhotoGridSkeleton({ count = 12 }: { count?: number }) {
  return (
    <div className={classes.grid} aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        <div key={index}>
          <Skeleton className={classes.photo} radius="lg" />
          <Skeleton h={12} w="70%" mt={12} />
          <Skeleton h={10} w="40%" mt={8} />
        </div>
      ))}
    </div>
  );
}
