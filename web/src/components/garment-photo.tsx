import { IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';

import type { Item } from '@/api/types';
import { sentenceCase } from '@/lib/format';

import classes from './garment-photo.module.css';

interface Props {
  item: Item;
  size?: 'small' | 'large';
  /** Empty where the name stands beside the photo anyway. */
  alt?: string;
  fit?: 'cover' | 'contain';
  isEager?: boolean;
}

/** What the photo shows, for those who do not see it. */
export function photoAlt(item: Item): string {
  return sentenceCase(item.caption ?? item.category ?? item.name);
}

export function GarmentPhoto({ item, size = 'small', alt, fit = 'cover', isEager }: Props) {
  const [isBroken, setBroken] = useState(false);
  const source = size === 'small' ? item.images.small : item.images.large;
  if (isBroken || !source) {
    return (
      <span className={classes.broken} role="img" aria-label={alt ?? photoAlt(item)}>
        <IconPhotoOff aria-hidden stroke={1.3} />
      </span>
    );
  }
  return (
    <img
      className={classes.photo}
      data-fit={fit}
      src={source}
      alt={alt ?? photoAlt(item)}
      loading={isEager ? 'eager' : 'lazy'}
      decoding="async"
      onError={() => setBroken(true)}
    />
  );
}
