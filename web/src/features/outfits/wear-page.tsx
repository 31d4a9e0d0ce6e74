import { notifications } from '@mantine/notifications';
import { Group, Skeleton, VisuallyHidden } from '@mantine/core';
import { IconHanger, IconSparkles } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

import { summaryQuery } from '@/api/garments';
import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';
import { PageHeader } from '@/components/page-header';
import { ProblemNote } from '@/components/problem-note';
import { askOf } from '@/features/outfits/ask';
import { AskForm } from '@/features/outfits/ask-form';
import { SuggestionList } from '@/features/outfits/suggestion-list';
import { useSuggestions } from '@/features/outfits/use-suggestions';
import type { WearSearch } from '@/lib/url-state';

import grid from './outfit-grid.module.css';
import classes from './wear-page.module.css';

/** As in wear-page.module.css. */
const STACKED = '(max-width: 68em)';

function Waiting() {
  return (
    <div className={grid.grid} aria-hidden>
      {[0, 1, 2].map((index) => (
        <Skeleton key={index} h={430} radius="xl" />
      ))}
    </div>
  );
}

export function WearPage() {
  const search = useSearch({ from: '/signed-in/wear' });
  const navigate = useNavigate({ from: '/wear' });
  const summary = useQuery(summaryQuery);
  const [photo, setPhoto] = useState<File>();
  const results = useRef<HTMLElement>(null);
  const { suggestions, ask, replace, more } = useSuggestions();
  // Where the answer comes below the question, it is scrolled to.
  useEffect(() => {
    if (ask.status === 'idle' || !window.matchMedia(STACKED).matches) return;
    results.current?.scrollIntoView({ block: 'start' });
  }, [ask.status]);

  const change = (part: Partial<WearSearch>) =>
    navigate({ search: (previous) => ({ ...previous, ...part }), replace: true });
  const submit = (asked: WearSearch) => ask.mutate({ ask: askOf(asked), photo });
  const tellNoMore = () =>
    notifications.show({
      color: 'saffron',
      title: 'No other idea for this',
      message: 'Change the question, or add more garments.',
    });

  if (summary.data?.total === 0) {
    return (
      <>
        <PageHeader title="What shall I wear?" />
        <EmptyState
          icon={<IconHanger size={34} stroke={1.4} />}
          title="There is nothing to choose from yet"
          action={
            <Group justify="center" gap="sm">
              <ButtonLink to="/wardrobe" search={{ add: true }}>
                Add photos
              </ButtonLink>
              <ButtonLink to="/style" variant="default">
                Say what you would wear
              </ButtonLink>
            </Group>
          }
        >
          Outfits are made from your own clothes only. A few tops, trousers and shoes will do to
          begin with.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="What shall I wear?"
        lead="Say as much or as little as you like: everything here is optional."
      />
      <div className={classes.page}>
        <AskForm
          search={search}
          onChange={change}
          photo={photo}
          onPhoto={setPhoto}
          isBusy={ask.isPending}
          onAsk={submit}
        />
        <section ref={results} className={classes.results} aria-label="Suggestions">
          <VisuallyHidden aria-live="polite">
            {ask.isPending && 'Looking through your wardrobe'}
            {!ask.isPending && suggestions && `${suggestions.outfits.length} suggestions`}
          </VisuallyHidden>
          {ask.isPending && <Waiting />}
          {ask.isError && <ProblemNote error={ask.error} />}
          {!ask.isPending && !ask.isError && suggestions && (
            <SuggestionList
              suggestions={suggestions}
              replacingId={replace.isPending ? replace.variables : undefined}
              isAskingMore={more.isPending}
              onTurnedDown={(id) =>
                replace.mutate(id, { onSuccess: ({ fresh }) => fresh || tellNoMore() })
              }
              onMore={() =>
                more.mutate(undefined, { onSuccess: (fresh) => fresh.length || tellNoMore() })
              }
            />
          )}
          {!ask.isPending && !ask.isError && !suggestions && (
            <EmptyState icon={<IconSparkles size={32} stroke={1.4} />} title="Ready when you are">
              Three ideas from your own wardrobe, each with the reason why. Your answer to them
              makes the next ones better.
            </EmptyState>
          )}
        </section>
      </div>
    </>
  );
}
