// Mantine's look with the router's typed addresses.
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ReactNode, Ref } from 'react';

type WithAnchor<P> = P & { ref?: Ref<HTMLAnchorElement>; children?: ReactNode };

export const ButtonLink = createLink(({ ref, ...props }: WithAnchor<ButtonProps>) => (
  <Button component="a" ref={ref} {...props} />
));

export const TextLink = createLink(({ ref, ...props }: WithAnchor<AnchorProps>) => (
  <Anchor ref={ref} {...props} />
));
