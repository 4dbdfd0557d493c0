export function tournamentOutcome(): null {
  return null;
}
