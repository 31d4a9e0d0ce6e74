import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { Receivers } from '@/features/alerts/receivers';
import { renderInApp } from '@/testing/render';
import { aReceiver } from '@/testing/operator-fixtures';
import { answer, json, problem } from '@/testing/server';

it('says whether each can be reached, what waits, and what a test gave', async () => {
  answer('get', '/api/alerts/receivers', () =>
    json({
      receivers: [
        aReceiver(),
        aReceiver({ name: 'chat', is_up: false, last_error: 'connection refused', queued: 3 }),
      ],
    }),
  );
  answer('post', '/api/alerts/receivers/{name}/test', (request) =>
    request.url.includes('/chat/')
      ? problem(502, 'it answered 500')
      : new Response(null, { status: 204 }),
  );
  renderInApp(<Receivers />);
  const [post, chat] = await screen.findAllByTestId('receiver');
  if (!post || !chat) throw new Error('two receivers were served');
  expect(within(chat).getByText('Does not work · 3 messages waiting')).toBeVisible();
  expect(within(chat).getByText('Connection refused')).toBeVisible();
  await userEvent.click(within(chat).getByRole('button'));
  expect(await within(chat).findByText('The test failed: it answered 500')).toBeVisible();
  await userEvent.click(within(post).getByRole('button'));
  expect(await within(post).findByText(/test message has been sent/)).toBeVisible();
});
