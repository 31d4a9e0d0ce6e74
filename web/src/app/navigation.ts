// The places of the app, in the order of the day.
import {
  IconBellRinging,
  IconBookmark,
  IconCalendarWeek,
  IconChartLine,
  IconClipboardList,
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

/** What only administrators see. */
export const OPERATOR_PLACES = [
  { to: '/monitoring', label: 'Monitoring', icon: IconChartLine },
  { to: '/alerts', label: 'Alerts', icon: IconBellRinging },
  { to: '/operation', label: 'Operation', icon: IconClipboardList },
] as const;
