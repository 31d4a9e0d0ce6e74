import { Anchor } from '@mantine/core';
import { IconBook2 } from '@tabler/icons-react';

/** Pages of the web, and of this server; whatever else a rule names is no link. */
const leadsToPage = (url: string) => /^https?:\/\//.test(url) || /^\/(?![/\\])/.test(url);

/** Where it says what to do about the alert. */
export function RunbookLink({ url }: { url?: string | null }) {
  if (!url || !leadsToPage(url)) return null;
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
      <IconBook2 size={16} aria-hidden /> What to do
    </Anchor>
  );
}
