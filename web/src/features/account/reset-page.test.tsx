import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';

import { ForgotPage } from '@/features/account/forgot-page';
import { ResetPage, tokenOf } from '@/features/account/reset-page';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

const config = (password_reset: boolean) =>
  json({ registration_open: true, has_users: true, password_reset });

const problemOf = (type: string, detail: string) =>
  json({ type: `/problems/${type}`, title: 'Refused', status: 422, detail, request_id: 'r' }, 422);

afterEach(() => window.history.replaceState(null, '', '/'));

test('the secret is read from behind the hash', () => {
  expect(tokenOf('#token=ffr_a-_b')).toBe('ffr_a-_b');
  expect(tokenOf('token=ffr_a')).toBe('ffr_a');
  expect(tokenOf('')).toBeNull();
});

test('a link without its secret leads to another one', async () => {
  renderInApp(<ResetPage />);
  expect(await screen.findByText('This link is not complete')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Ask for another link' })).toBeInTheDocument();
});

test('a link that is used up says so and offers another one', async () => {
  const sent: unknown[] = [];
  answer('post', '/api/auth/reset', async (request) => {
    sent.push(await request.json());
    return problemOf('reset-unknown', 'token: this link is not valid (any more)');
  });
  renderInApp(<ResetPage />, '/#token=ffr_x');
  await userEvent.type(await screen.findByLabelText('New password'), 'seven green umbrellas');
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('this link is not valid');
  expect(screen.getByRole('link', { name: 'Ask for another link' })).toBeInTheDocument();
  expect(sent).toEqual([{ token: 'ffr_x', password: 'seven green umbrellas' }]);
});

test('whoever asks is told the same, whether there is an account or not', async () => {
  answer('get', '/api/auth/config', () => config(true));
  answer('post', '/api/auth/forgot', () => new Response(null, { status: 202 }));
  renderInApp(<ForgotPage />);
  await userEvent.type(await screen.findByLabelText('E-mail'), 'ann@example.org');
  await userEvent.click(screen.getByRole('button', { name: 'Send the link' }));
  expect(await screen.findByRole('status')).toHaveTextContent('If there is an account');
});

test('where there is no mail server, the administrator is who helps', async () => {
  answer('get', '/api/auth/config', () => config(false));
  renderInApp(<ForgotPage />);
  expect(await screen.findByText('This server sends no mail')).toBeInTheDocument();
  expect(screen.queryByLabelText('E-mail')).not.toBeInTheDocument();
});
