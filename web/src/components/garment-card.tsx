import { Loader, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconHelpCircle,
  IconLuggage,
  IconUserShare,
  IconWash,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { Item } from '@/api/types';
import { GarmentPhoto } from '@/components/garment-photo';
import { Swatches } from '@/components/swatches';
import { sentenceCase, wordLabel } from '@/lib/format';

import classes from './garment-card.module.css';

/** What outfits do not hang on is asked on the garment's own page only. */
const MINOR = new Set(['audience']);

/** Whether the person should be asked about something. */
const hasQuestion = (item: Item) =>
  item.state === 'ready' &&
  item.attributes.some(({ name, is_sure }) => !is_sure && !MINOR.has(name));

function Status({ item }: { item: Item }) {
  if (item.state === 'pending' || item.state === 'processing') {
    return (
      <span className={classes.veil}>
        <Loader size="sm" color="white" aria-hidden />
        <span>{item.state === 'pending' ? 'Waiting' : 'Recognising'}</span>
      </span>
    );
  }
  if (item.state === 'failed') {
    return (
      <span className={classes.badge} data-kind="failed">
        <IconAlertTriangle size={14} aria-hidden /> Not recognised
      </span>
    );
  }
  if (item.attributes.some(({ name, value }) => name === 'garment' && value !== 'garment')) {
    return (
      <span className={classes.badge} data-kind="question">
        <IconHelpCircle size={14} aria-hidden /> No garment?
      </span>
    );
  }
  if (item.whereabouts !== 'at-hand') {
    const Icon = item.whereabouts === 'lent' ? IconUserShare : IconLuggage;
    return (
      <span className={classes.badge}>
        <Icon size={14} aria-hidden /> {wordLabel(item.whereabouts)}
      </span>
    );
  }
  if (!item.is_clean) {
    return (
      <span className={classes.badge}>
        <IconWash size={14} aria-hidden /> Laundry
      </span>
    );
  }
  if (hasQuestion(item)) {
    return (
      <span className={classes.badge} data-kind="question">
        <IconHelpCircle size={14} aria-hidden /> Is this right?
      </span>
    );
  }
  return null;
}

/** A garment in a grid: a link to its page. */
export function GarmentCard({ item, note }: { item: Item; note?: ReactNode }) {
  return (
    <Link
      to="/wardrobe/$itemId"
      params={{ itemId: item.id }}
      className={classes.card}
      data-state={item.state}
      data-testid="garment-card"
    >
      <span className={classes.frame}>
        <GarmentPhoto item={item} />
        <Status item={item} />
      </span>
      <span className={classes.foot}>
        <Text component="span" size="sm" fw={600} truncate className={classes.name}>
          {sentenceCase(item.name)}
        </Text>
        <span className={classes.meta}>
          <Text component="span" size="xs" c="dimmed" truncate>
            {note ?? (item.category ? wordLabel(item.category) : ' ')}
          </Text>
          <Swatches colours={item.colours} />
        </span>
      </span>
    </Link>
  );
}
