/** After a refusal the first field that is wrong is focused, so that it is seen and heard. */
export function focusError(form: HTMLElement | null): void {
  requestAnimationFrame(() =>
    form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"]')?.focus(),
  );
}
