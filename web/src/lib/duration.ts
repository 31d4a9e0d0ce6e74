// Lengths of time as Prometheus writes them, `1h30m`, and as people say them.

const UNITS = [
  { letter: 'w', word: 'week', seconds: 604_800 },
  { letter: 'd', word: 'day', seconds: 86_400 },
  { letter: 'h', word: 'hour', seconds: 3_600 },
  { letter: 'm', word: 'minute', seconds: 60 },
  { letter: 's', word: 'second', seconds: 1 },
] as const;

const FORM = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** `1h30m` → 5400; nothing and a bare `0` are 0; anything else that is no duration is undefined. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().replaceAll(' ', '');
  if (trimmed === '' || trimmed === '0') return 0;
  const parts = FORM.exec(trimmed);
  if (!parts) return undefined;
  return UNITS.reduce((sum, { seconds }, at) => sum + Number(parts[at + 1] ?? 0) * seconds, 0);
}

/** 5400 → `1h30m`. */
export function writeDuration(seconds: number): string {
  let rest = Math.round(seconds);
  if (rest <= 0) return '0s';
  let text = '';
  for (const { letter, seconds: size } of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${letter}`;
  }
  return text;
}

/** 5400 → `1 hour 30 minutes`; the two largest units are enough. */
export function sayDuration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const words: string[] = [];
  for (const { word, seconds: size } of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${word}${count === 1 ? '' : 's'}`);
    // What follows a week is days, not seconds.
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.join(' ') || 'no time';
}

/** How long something lasted, in words; up to now where it has no end. */
export function sayBetween(from: string, to: string | null, now = Date.now()): string {
  const end = to === null ? now : new Date(to).getTime();
  return sayDuration((end - new Date(from).getTime()) / 1000);
}
