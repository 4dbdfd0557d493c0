import type { TournamentOutcome } from '../../../shared/sweeps.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import type { StoredSweep } from '../../store/sweeps.ts';

export function tournamentOutcome(_database: ReadableDatabase, _sweep: StoredSweep): TournamentOutcome {
  return { entries: [], pairs: [], bars: [], sentence: '' };
}
