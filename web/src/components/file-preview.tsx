import { useCallback } from 'react';

/** A picture the person chose, before any server has seen it. */
export function FilePreview({ file, className }: { file: File; className?: string }) {
  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = URL.createObjectURL(file);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  return <img ref={show} className={className} alt="" />;
}
