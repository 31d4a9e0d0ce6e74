import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCalendarWeek, IconHanger } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { summaryQuery } from '@/api/garments';
import { meQuery } from '@/api/session';
import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';
import { PageHeader } from '@/components/page-header';
import { ProblemNote } from '@/components/problem-note';
import { PlannedDayCard } from '@/features/outfits/planned-day-card';
import { Remarks } from '@/features/outfits/remarks';
import { useWeek } from '@/features/outfits/use-week';
import { type PlannedDay, sharedRemarks } from '@/features/outfits/week';
import { WeekForm } from '@/features/outfits/week-form';
import { today } from '@/lib/dates';

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

function EmptyWardrobe() {
  return (
    <>
      <PageHeader title="My week" />
      <EmptyState
        icon={<IconHanger size={34} stroke={1.4} />}
        title="There is nothing to plan with yet"
        action={
          <ButtonLink to="/wardrobe" search={{ add: true }}>
            Add photos
          </ButtonLink>
        }
      >
        A week is dressed from your own clothes only. A few tops, trousers and shoes will do to
        begin with.
      </EmptyState>
    </>
  );
}

function Plan({ days, state }: { days: PlannedDay[]; state: ReturnType<typeof useWeek> }) {
  const { week, outfits, another, isOther } = state;
  const shared = sharedRemarks(days);
  const notes = [...(week.notes ?? []), ...shared.notes];
  const replace = (day: PlannedDay, at: number) => {
    const before = outfits[at]?.data;
    another.mutate(day.date, {
      onSuccess: (answer) => {
        if (isOther(before, answer)) return;
        notifications.show({
          color: 'saffron',
          title: 'No other idea for this day',
          message: 'Change another day, or add more garments.',
        });
      },
    });
  };
  return (
    <Stack gap="lg">
      <Remarks
        missing={shared.missing}
        notes={notes}
        action={
          shared.missing.length > 0 && (
            <ButtonLink to="/wardrobe" search={{ add: true }} variant="default" size="xs" mt="sm">
              Add photos
            </ButtonLink>
          )
        }
      />
      <div className={grid.grid}>
        {days.map((day, at) => (
          <PlannedDayCard
            key={day.date}
            day={day}
            remarks={{
              missing: day.missing.filter((slot) => !shared.missing.includes(slot)),
              notes: day.notes.filter((note) => !shared.notes.includes(note)),
            }}
            outfit={outfits[at]?.data}
            isLoading={day.outfitId !== undefined && outfits[at]?.isPending === true}
            isReplacing={another.isPending && another.variables === day.date}
            isNew={another.isSuccess && another.variables === day.date}
            isLater={day.date > today()}
            onAnother={() => replace(day, at)}
          />
        ))}
      </div>
    </Stack>
  );
}

function WeekOf({ owner }: { owner: string }) {
  const state = useWeek(owner);
  const { week, ask, plan } = state;
  const results = useRef<HTMLElement>(null);
  // Where the plan comes below the question, it is scrolled to.
  useEffect(() => {
    if (plan.status === 'idle' || !window.matchMedia(STACKED).matches) return;
    results.current?.scrollIntoView({ block: 'start' });
  }, [plan.status]);

  return (
    <>
      <PageHeader
        title="My week"
        lead="An outfit for each day, and nothing twice as far as your wardrobe lasts."
      />
      <div className={classes.page}>
        <WeekForm
          week={week}
          today={today()}
          onChange={ask}
          isBusy={plan.isPending}
          onPlan={() => plan.mutate()}
        />
        <section ref={results} className={classes.results} aria-label="Plan">
          <VisuallyHidden aria-live="polite">
            {plan.isPending && 'Planning your week'}
            {!plan.isPending && week.plan && `${week.plan.length} days planned`}
          </VisuallyHidden>
          {plan.isPending && <Waiting />}
          {plan.isError && <ProblemNote error={plan.error} />}
          {!plan.isPending && !plan.isError && week.plan && <Plan days={week.plan} state={state} />}
          {!plan.isPending && !plan.isError && !week.plan && (
            <EmptyState
              icon={<IconCalendarWeek size={32} stroke={1.4} />}
              title="No week planned yet"
            >
              Say what the days are like, and each gets an outfit that the others do not need.
            </EmptyState>
          )}
        </section>
      </div>
    </>
  );
}

export function WeekPage() {
  const summary = useQuery(summaryQuery);
  const { data: me } = useQuery(meQuery);
  if (summary.data?.total === 0) return <EmptyWardrobe />;
  return me ? <WeekOf key={me.id} owner={me.id} /> : null;
}
