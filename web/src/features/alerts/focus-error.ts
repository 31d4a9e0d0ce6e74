/** After a refusal the first field that is wrong is focused, so that it is seen and heard; else the form's head. */
export function focusError(form: HTMLElement | null): void {
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"]');
  if (wrong) wrong.focus();
  else form?.scrollIntoView({ block: 'start' });
}
