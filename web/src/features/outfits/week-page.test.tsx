import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';

import type { WeekRequest } from '@/api/types';
import { WeekPage } from '@/features/outfits/week-page';
import { anOutfit } from '@/testing/fixtures';
import { renderInApp } from '@/testing/render';
import { answer, json } from '@/testing/server';

const me = {
  id: 'me',
  email: 'a@example.org',
  display_name: 'Ada',
  role: 'member',
  created_at: '2026-01-01T00:00:00Z',
};
const asked: WeekRequest[] = [];

/** Each request gets outfits of its own; an outfit is `<request>-<day>`. */
function serveWeeks(missing: string[] = []) {
  answer('post', '/api/recommend/week', async (request) => {
    const week = (await request.json()) as WeekRequest;
    asked.push(week);
    const days = week.days.map(({ date }, day) => ({
      date,
      outfit: anOutfit(`${asked.length}-${day}`, [`garment-${asked.length}-${day}`]),
      missing,
      notes: missing.map((slot) => `There are no ${slot}.`),
    }));
    return json({ days, notes: [], pack: 'p', fusion_version: 'f' });
  });
  answer('get', '/api/outfits/{id}', (request) => {
    const id = request.url.split('/').at(-1) ?? '';
    return json(anOutfit(id, [`garment-${id}`]));
  });
}

const outfitIds = () =>
  screen.getAllByTestId('outfit').map((outfit) => outfit.getAttribute('data-outfit'));

beforeEach(() => {
  asked.length = 0;
  localStorage.clear();
  answer('get', '/api/auth/me', () => json(me));
  answer('get', '/api/wardrobe/summary', () => json({ total: 9 }));
});

it('plans the days as they were described, after one press of the same weather for all', async () => {
  serveWeeks();
  renderInApp(<WeekPage />);
  await userEvent.selectOptions(await screen.findByLabelText('For'), '3 days');
  const days = within(screen.getByRole('form')).getAllByRole('listitem');
  expect(days).toHaveLength(3);
  const [first] = screen.getAllByLabelText(/^Temperature on/);
  if (!first) throw new Error('no day has a temperature');
  await userEvent.clear(first);
  await userEvent.type(first, '4');
  await userEvent.click(screen.getAllByLabelText(/^Rain or snow on/)[0] as HTMLElement);
  await userEvent.click(screen.getByText('Every day the weather of the first'));
  await userEvent.selectOptions(
    screen.getAllByLabelText(/^Occasion on/)[1] as HTMLElement,
    'sport',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Plan my week' }));
  expect(await screen.findAllByTestId('outfit')).toHaveLength(3);
  const weather = { temperature_c: 4, is_wet: true };
  expect(asked[0]?.days.map((day) => day.weather)).toEqual([weather, weather, weather]);
  expect(asked[0]?.days[1]?.occasion).toBe('sport');
});

it('gives one day another outfit, and still shows the plan after a reload', async () => {
  serveWeeks();
  renderInApp(<WeekPage />);
  await userEvent.selectOptions(await screen.findByLabelText('For'), '2 days');
  await userEvent.click(screen.getByRole('button', { name: 'Plan my week' }));
  const [, second] = await screen.findAllByTestId('outfit');
  expect(outfitIds()).toEqual(['1-0', '1-1']);
  await userEvent.click(within(second as HTMLElement).getByRole('button', { name: 'Another one' }));
  await screen.findByText('Outfit 2-0 keeps to calm colours.');
  expect(outfitIds()).toEqual(['1-0', '2-0']);
  const [kept] = asked[0]?.days ?? [];
  expect(asked[1]?.keep).toEqual([{ date: kept?.date, outfit_id: '1-0' }]);
  expect(asked[1]?.days.map((day) => day.instead_of)).toEqual([['1-1']]);

  cleanup();
  renderInApp(<WeekPage />);
  await screen.findByText('Outfit 2-0 keeps to calm colours.');
  expect(outfitIds()).toEqual(['1-0', '2-0']);
});

it('lets one say that it is worn only on the day', async () => {
  serveWeeks();
  renderInApp(<WeekPage />);
  await userEvent.selectOptions(await screen.findByLabelText('For'), '2 days');
  await userEvent.click(screen.getByRole('button', { name: 'Plan my week' }));
  const [now, later] = await screen.findAllByTestId('outfit');
  expect(within(now as HTMLElement).getByRole('button', { name: 'Wear it' })).toBeVisible();
  expect(within(later as HTMLElement).queryByRole('button', { name: 'Wear it' })).toBeNull();
  expect(within(later as HTMLElement).getByRole('button', { name: 'Like' })).toBeVisible();
});

it('says once that there are no shoes, and where to add some', async () => {
  serveWeeks(['shoes']);
  renderInApp(<WeekPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Plan my week' }));
  expect(await screen.findAllByTestId('outfit')).toHaveLength(7);
  expect(screen.getAllByText('There are no shoes.')).toHaveLength(1);
  expect(screen.getByRole('link', { name: 'Add photos' })).toBeVisible();
});

it('asks for photos where there is nothing to plan with', async () => {
  answer('get', '/api/wardrobe/summary', () => json({ total: 0 }));
  renderInApp(<WeekPage />);
  expect(await screen.findByText('There is nothing to plan with yet')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Add photos' })).toBeVisible();
});
