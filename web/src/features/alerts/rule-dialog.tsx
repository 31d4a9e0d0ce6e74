import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type FormEvent, useEffect, useRef, useState } from 'react';

import { ProblemNote } from '@/components/problem-note';
import { usePreview, useSaveRule } from '@/features/alerts/api';
import { ExpressionField } from '@/features/alerts/expression-field';
import { focusError } from '@/features/alerts/focus-error';
import { PairsField } from '@/features/alerts/pairs-field';
import { PreviewOf } from '@/features/alerts/preview';
import { type Refusal, refusalOf } from '@/features/alerts/refusal';
import {
  bodyOfRuleDraft,
  problemsOfRule,
  type RuleDraft,
  type RuleProblems,
  SEVERITIES,
} from '@/features/alerts/rule-draft';

const PHONE = '(max-width: 40em)';

type Change = (part: Partial<RuleDraft>) => void;

function Durations({
  draft,
  problems,
  change,
}: {
  draft: RuleDraft;
  problems: RuleProblems;
  change: Change;
}) {
  const severities = [...new Set([...SEVERITIES, draft.severity])].filter(Boolean);
  return (
    <Group grow align="flex-start" preventGrowOverflow={false}>
      <TextInput
        label="Holds for"
        description="before it fires"
        value={draft.forText}
        error={problems.forText}
        onChange={(event) => change({ forText: event.currentTarget.value })}
      />
      <TextInput
        label="Keeps firing for"
        description="after it stopped holding"
        value={draft.keepText}
        error={problems.keepText}
        onChange={(event) => change({ keepText: event.currentTarget.value })}
      />
      <Select
        label="Severity"
        description="how bad it is"
        data={severities}
        value={draft.severity || null}
        clearable
        onChange={(severity) => change({ severity: severity ?? '' })}
      />
    </Group>
  );
}

function Words({ draft, change }: { draft: RuleDraft; change: Change }) {
  return (
    <>
      <TextInput
        label="Summary"
        description="One line for the message; {{ $labels.route }} and {{ $value }} are filled in"
        value={draft.summary}
        onChange={(event) => change({ summary: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={6}
        value={draft.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <TextInput
        label="Runbook"
        description="Where it says what to do"
        placeholder="https://"
        value={draft.runbook}
        onChange={(event) => change({ runbook: event.currentTarget.value })}
      />
      <PairsField
        label="More labels"
        noun="label"
        pairs={draft.labels}
        onChange={(labels) => change({ labels })}
      />
      <PairsField
        label="More annotations"
        noun="annotation"
        pairs={draft.annotations}
        onChange={(annotations) => change({ annotations })}
      />
    </>
  );
}

/** What the server refused of the expression, from saving it or from trying it. */
function useRefusals(draft: RuleDraft) {
  const save = useSaveRule();
  const preview = usePreview();
  const error = save.error ?? preview.error;
  const refusal: Refusal | undefined = error ? refusalOf(error, draft.expression) : undefined;
  return { save, preview, error, refusal };
}

export function RuleDialog({ draft: initial, onClose }: { draft: RuleDraft; onClose: () => void }) {
  const isPhone = useMediaQuery(PHONE);
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(initial);
  const [isTried, setTried] = useState(false);
  const [wrong, setWrong] = useState(0);
  const { save, preview, error, refusal } = useRefusals(draft);
  const problems = isTried ? problemsOfRule(draft) : {};
  // Once what is wrong is shown.
  useEffect(() => {
    if (error || wrong > 0) focusError(form.current);
  }, [error, wrong]);
  const change: Change = (part) => {
    setDraft((before) => ({ ...before, ...part }));
    save.reset();
    if ('expression' in part) preview.reset();
  };
  /** Runs only what has nothing missing. */
  const check = (run: () => void) => {
    setTried(true);
    if (Object.keys(problemsOfRule(draft)).length === 0) run();
    else setWrong((count) => count + 1);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check(() =>
      save.mutate({ id: draft.id, body: bodyOfRuleDraft(draft) }, { onSuccess: onClose }),
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      fullScreen={isPhone}
      title={initial.id === undefined ? 'New rule' : `Rule ${initial.name}`}
    >
      <form ref={form} onSubmit={submit} noValidate style={{ scrollMarginTop: 90 }}>
        <Stack>
          {error && !refusal?.isOfExpression && (
            <ProblemNote error={error} title="This did not work" />
          )}
          <TextInput
            label="Name"
            placeholder="ApiSlow"
            data-autofocus
            value={draft.name}
            error={problems.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <ExpressionField
            value={draft.expression}
            missing={problems.expression}
            refusal={refusal?.isOfExpression ? refusal : undefined}
            onChange={(expression) => change({ expression })}
          />
          <Durations draft={draft} problems={problems} change={change} />
          <PreviewOf
            preview={preview}
            onAsk={(hours) =>
              check(() => {
                save.reset();
                preview.mutate({ ...bodyOfRuleDraft(draft), hours });
              })
            }
          />
          <Words draft={draft} change={change} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
