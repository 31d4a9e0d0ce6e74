import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { LoadMore } from '@/components/load-more';
import { renderInApp } from '@/testing/render';

/** The end of the list is always on the screen. */
class InSight {
  constructor(private readonly tell: IntersectionObserverCallback) {}
  observe(target: Element) {
    const entry = { isIntersecting: true, target } as IntersectionObserverEntry;
    this.tell([entry], this as unknown as IntersectionObserver);
  }
  unobserve() {}
  disconnect() {}
}

const list = (isFetchNextPageError: boolean) => ({
  error: isFetchNextPageError ? new Error('away') : null,
  hasNextPage: true,
  isFetchingNextPage: false,
  isFetchNextPageError,
  fetchNextPage: vi.fn(),
});

beforeEach(() => vi.stubGlobal('IntersectionObserver', InSight));
afterEach(() => vi.unstubAllGlobals());

it('asks for more when its end comes near', async () => {
  const more = list(false);
  renderInApp(<LoadMore list={more} />);
  await waitFor(() => expect(more.fetchNextPage).toHaveBeenCalled());
});

it('asks again for what failed by hand alone', async () => {
  const failed = list(true);
  renderInApp(<LoadMore list={failed} />);
  expect(await screen.findByText('No more could be loaded')).toBeVisible();
  expect(failed.fetchNextPage).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(failed.fetchNextPage).toHaveBeenCalledOnce();
});
