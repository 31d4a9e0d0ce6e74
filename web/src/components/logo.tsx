import { Group, Text } from '@mantine/core';

/** A hanger whose bar is caught by a flash. */
export function LogoMark({ size = 32 }: { size?: number }) {
  const line = {
    fill: 'none',
    stroke: '#fbf0f4',
    strokeWidth: 3.6,
    strokeLinecap: 'round' as const,
    strokeLinejoin: 'round' as const,
  };
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="15" fill="#872a4d" />
      <path d="M27 19.5a5.5 5.5 0 1 1 8.2 4.8c-1.9 1.1-3.2 2.2-3.2 4.4v1.6" {...line} />
      <path d="M32 30 11.5 44.2c-2.2 1.5-1.1 4.8 1.5 4.8H29" {...line} />
      <path d="m32 30 20.5 14.2c2.2 1.5 1.1 4.8-1.5 4.8h-7" {...line} />
      <path d="m39.5 36-7.5 11h6l-3 9 9.5-12.5h-6z" fill="#ecc06a" />
    </svg>
  );
}

export function Logo({ size = 32 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <LogoMark size={size} />
      <Text
        component="span"
        fz={size * 0.72}
        fw={560}
        lh={1}
        style={{ fontFamily: 'var(--mantine-font-family-headings)', letterSpacing: '-0.01em' }}
      >
        FlashFit
      </Text>
    </Group>
  );
}
