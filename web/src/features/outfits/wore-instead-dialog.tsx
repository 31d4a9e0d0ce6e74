import { GarmentPicker } from '@/features/outfits/garment-picker';

interface Props {
  isBusy: boolean;
  onClose: () => void;
  onChosen: (ids: string[]) => void;
}

export function WoreInsteadDialog(props: Props) {
  return (
    <GarmentPicker title="What did you wear instead?" isMultiple confirm="I wore this" {...props} />
  );
}
