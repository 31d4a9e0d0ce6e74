const SHORTEST = 10;

/** What the server would say about a new password, said sooner. */
export function passwordProblem(password: string): string | null {
  const length = Array.from(password).length;
  if (length >= SHORTEST) return null;
  return `At least ${SHORTEST} characters; this has ${length}`;
}
