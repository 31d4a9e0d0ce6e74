import { Link } from '@tanstack/react-router';

import type { Outfit } from '@/api/types';
import { GarmentPhoto, photoAlt } from '@/components/garment-photo';
import { sentenceCase } from '@/lib/format';

import classes from './outfit-collage.module.css';

/** From the head down, with what is carried last: how a person would lay clothes out on a bed. */
const ORDER = ['outer', 'one-piece', 'top', 'bottom', 'shoes', 'headwear', 'bag', 'accessory'];

export function OutfitCollage({ outfit, isEager }: { outfit: Outfit; isEager?: boolean }) {
  const items = [...outfit.items].sort((a, b) => ORDER.indexOf(a.slot) - ORDER.indexOf(b.slot));
  return (
    <ul className={classes.collage} data-count={Math.min(items.length, 7)} aria-label="Garments">
      {items.slice(0, 7).map(({ item }) => (
        <li key={item.id} className={classes.piece}>
          <Link
            to="/wardrobe/$itemId"
            params={{ itemId: item.id }}
            className={classes.link}
            aria-label={`${sentenceCase(item.name)}: ${photoAlt(item)}`}
          >
            <GarmentPhoto item={item} alt="" isEager={isEager} />
            <span className={classes.name} aria-hidden>
              {sentenceCase(item.name)}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
