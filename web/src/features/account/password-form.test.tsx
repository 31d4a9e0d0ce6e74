import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { PasswordForm } from '@/features/account/password-form';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

async function change(password: string) {
  await userEvent.type(await screen.findByLabelText('Current password'), 'what I had');
  await userEvent.type(screen.getByLabelText('New password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
}

test('what is wrong with a new password is said at its field', async () => {
  answer('post', '/api/auth/password', () =>
    json(
      {
        type: '/problems/guessable-password',
        detail: 'password: too easy to guess: it repeats itself',
      },
      422,
    ),
  );
  renderInApp(<PasswordForm />);
  await change('abcabcabcabc');
  const said = await screen.findByText('Too easy to guess: it repeats itself');
  expect(screen.getByLabelText('New password')).toHaveAccessibleDescription(said.textContent!);
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

test('a password that is too short does not travel', async () => {
  renderInApp(<PasswordForm />);
  await change('eleven char');
  expect(await screen.findByText('At least 12 characters; this has 11')).toBeInTheDocument();
});
