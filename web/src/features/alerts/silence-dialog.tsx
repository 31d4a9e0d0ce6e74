import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';

import { ProblemNote } from '@/components/problem-note';
import { useSaveSilence } from '@/features/alerts/api';
import { alertsQuery } from '@/features/alerts/now';
import { focusError } from '@/features/alerts/focus-error';
import { meant } from '@/features/alerts/matchers';
import { MatchersField } from '@/features/alerts/matchers-field';
import { bodyOfDraft, problemsOf, type SilenceDraft } from '@/features/alerts/silence-draft';
import { TimesField } from '@/features/alerts/times-field';
import { countOf, joinWords } from '@/lib/format';

const PHONE = '(max-width: 40em)';

/** Which of the alerts of this moment it would quieten. */
function Meant({ draft }: { draft: SilenceDraft }) {
  const { data } = useQuery(alertsQuery);
  if (!data) return null;
  const alerts = meant(draft.matchers, data.alerts);
  const names = [...new Set(alerts.map(({ name }) => name))];
  return (
    <Text size="sm" c="dimmed" role="status">
      {alerts.length === 0
        ? 'No alert of this moment is meant by it.'
        : `${countOf(alerts.length, 'alert')} of this moment: ${joinWords(names.slice(0, 4))}${names.length > 4 ? ' and others' : ''}.`}
    </Text>
  );
}

export function SilenceDialog({
  draft: initial,
  onClose,
}: {
  draft: SilenceDraft;
  onClose: () => void;
}) {
  const isPhone = useMediaQuery(PHONE);
  const form = useRef<HTMLFormElement>(null);
  const save = useSaveSilence();
  const [draft, setDraft] = useState(initial);
  const [isTried, setTried] = useState(false);
  const [wrong, setWrong] = useState(0);
  const problems = isTried ? problemsOf(draft) : {};
  // Once what is wrong is shown.
  useEffect(() => {
    if (save.error || wrong > 0) focusError(form.current);
  }, [save.error, wrong]);
  const change = (part: Partial<SilenceDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problemsOf(draft)).length > 0) {
      setWrong((count) => count + 1);
      return;
    }
    save.mutate({ id: draft.id, body: bodyOfDraft(draft) }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      fullScreen={isPhone}
      title={draft.id === undefined ? 'New silence' : 'Change the silence'}
    >
      <form ref={form} onSubmit={submit} noValidate style={{ scrollMarginTop: 90 }}>
        <Stack gap="lg">
          {save.isError && <ProblemNote error={save.error} title="This did not work" />}
          <div>
            <MatchersField
              matchers={draft.matchers}
              error={problems.matchers}
              onChange={(matchers) => change({ matchers })}
            />
            <Meant draft={draft} />
          </div>
          <TimesField draft={draft} problems={problems} onChange={change} />
          <Textarea
            label="Why"
            placeholder="Moving Redis to the new machine"
            autosize
            minRows={2}
            maxLength={1000}
            value={draft.comment}
            error={problems.comment}
            onChange={(event) => change({ comment: event.currentTarget.value })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {draft.id === undefined ? 'Silence' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
