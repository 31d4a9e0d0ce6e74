// The places of the app, in the order of the day.
import {
  IconBookmark,
  IconCalendarWeek,
  IconHanger,
  IconMoodSpark,
  IconSparkles,
} from '@tabler/icons-react';

export const PLACES = [
  { to: '/wardrobe', label: 'Wardrobe', short: 'Wardrobe', icon: IconHanger },
  { to: '/wear', label: 'What shall I wear?', short: 'Wear', icon: IconSparkles },
  { to: '/week', label: 'My week', short: 'Week', icon: IconCalendarWeek },
  { to: '/outfits', label: 'Outfits', short: 'Outfits', icon: IconBookmark },
  { to: '/taste', label: 'Learned so far', short: 'Learned', icon: IconMoodSpark },
] as const;
