import { ActionIcon, Group, Menu, Tooltip } from '@mantine/core';
import {
  IconBookmark,
  IconBookmarkFilled,
  IconDots,
  IconPlayerSkipForward,
  IconRepeat,
  IconThumbUp,
  IconThumbUpFilled,
} from '@tabler/icons-react';

interface Props {
  isLiked: boolean;
  isSaved: boolean;
  isBusy: boolean;
  onLike: () => void;
  onSave: () => void;
  onInstead?: () => void;
  onSkip?: () => void;
}

/** The answers that take no words: like, save, and the rarer ones behind the dots. */
export function SmallAnswers(props: Props) {
  const { isLiked, isSaved, isBusy, onLike, onSave, onInstead, onSkip } = props;
  return (
    <Group gap={6} wrap="nowrap">
      <Tooltip label={isLiked ? 'Liked' : 'Like'}>
        <ActionIcon
          size={38}
          variant={isLiked ? 'light' : 'subtle'}
          disabled={isBusy}
          aria-label="Like"
          aria-pressed={isLiked}
          onClick={onLike}
        >
          {isLiked ? (
            <IconThumbUpFilled size={19} aria-hidden />
          ) : (
            <IconThumbUp size={19} aria-hidden />
          )}
        </ActionIcon>
      </Tooltip>
      <Tooltip label={isSaved ? 'Saved' : 'Save'}>
        <ActionIcon
          size={38}
          variant={isSaved ? 'light' : 'subtle'}
          disabled={isBusy}
          aria-label="Save"
          aria-pressed={isSaved}
          onClick={onSave}
        >
          {isSaved ? (
            <IconBookmarkFilled size={19} aria-hidden />
          ) : (
            <IconBookmark size={19} aria-hidden />
          )}
        </ActionIcon>
      </Tooltip>
      {(onInstead || onSkip) && (
        <Menu position="bottom-end" shadow="md" width={230}>
          <Menu.Target>
            <ActionIcon size={38} variant="subtle" aria-label="More answers">
              <IconDots size={19} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {onInstead && (
              <Menu.Item leftSection={<IconRepeat size={16} aria-hidden />} onClick={onInstead}>
                Wore something else…
              </Menu.Item>
            )}
            {onSkip && (
              <Menu.Item
                leftSection={<IconPlayerSkipForward size={16} aria-hidden />}
                onClick={onSkip}
              >
                Skip
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
