import { Skeleton, Tabs } from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';
import { LoadMore } from '@/components/load-more';
import { PageHeader } from '@/components/page-header';
import { ProblemNote } from '@/components/problem-note';
import { type OutfitTab, outfitsQuery } from '@/features/outfits/api';
import { OutfitCard } from '@/features/outfits/outfit-card';
import { formatDate } from '@/lib/format';
import { OUTFIT_TABS } from '@/lib/url-state';

import grid from './outfit-grid.module.css';

const WORDS: Record<OutfitTab, { label: string; title: string; text: string }> = {
  saved: {
    label: 'Saved',
    title: 'Nothing saved yet',
    text: 'Press the bookmark on a suggestion to keep it here.',
  },
  worn: {
    label: 'Worn',
    title: 'Nothing worn yet',
    text: 'When you wear a suggestion, say so, and it is remembered here.',
  },
  all: {
    label: 'All suggestions',
    title: 'No suggestions yet',
    text: 'Everything FlashFit ever suggested to you stays here.',
  },
};

function OutfitList({ tab }: { tab: OutfitTab }) {
  const outfits = useInfiniteQuery(outfitsQuery(tab));
  const rows = outfits.data?.pages.flatMap((page) => page.outfits) ?? [];
  const words = WORDS[tab];
  return (
    <>
      {outfits.isPending && (
        <div className={grid.grid} aria-hidden>
          <Skeleton h={430} radius="xl" />
          <Skeleton h={430} radius="xl" />
        </div>
      )}
      {outfits.isError && rows.length === 0 && (
        <ProblemNote error={outfits.error} onRetry={outfits.refetch} />
      )}
      {outfits.isSuccess && rows.length === 0 && (
        <EmptyState
          icon={<IconBookmark size={32} stroke={1.4} />}
          title={words.title}
          action={<ButtonLink to="/wear">Ask what to wear</ButtonLink>}
        >
          {words.text}
        </EmptyState>
      )}
      <div className={grid.grid}>
        {rows.map((outfit) => (
          <OutfitCard key={outfit.id} outfit={outfit} title={formatDate(outfit.created_at)} />
        ))}
      </div>
      <LoadMore list={outfits} />
    </>
  );
}

export function OutfitsPage() {
  const { tab = 'saved' } = useSearch({ from: '/signed-in/outfits' });
  const navigate = useNavigate({ from: '/outfits' });
  return (
    <>
      <PageHeader title="Outfits" lead="What you kept, what you wore, and what was suggested." />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          navigate({ search: { tab: OUTFIT_TABS.find((one) => one === value) }, replace: true })
        }
      >
        <Tabs.List mb="lg">
          {OUTFIT_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {WORDS[one].label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <OutfitList tab={tab} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
