/** The curve of a group of seeds: the mean over them, epoch by epoch, and how far they go apart. */
import type { Epoch, Run } from '../../shared/contract.ts';
import { distinctSeeds, spread } from '../../shared/seed-groups.ts';
import { configurationKey } from '../lib/runs.ts';

/** Lines that a chart can hold, and seeds whose curves are read for one of them. */
const MOST_LINES = 8;
const MOST_SEEDS = 10;

export interface MeanCurve {
  /** The first run of the group. */
  run: Run;
  seeds: number;
  /** Epochs that every seed has reached. */
  epochs: Epoch[];
  /** Sample standard deviations over seeds at each of them; empty under two seeds. */
  deviations: { loss: number; validation: Record<string, number> }[];
}

/** Runs by group, one a distinct seed; or each for itself. */
export function groupCurves(runs: readonly Run[], bySeed: boolean): Run[][] {
  const learns = runs.filter((run) => run.epochs > 0);
  const groups = bySeed ? [...Map.groupBy(learns, configurationKey).values()] : learns.map((run) => [run]);
  return groups.slice(0, MOST_LINES).map((group) => distinctSeeds(group).slice(0, MOST_SEEDS));
}

export function meanCurve(seeds: readonly { run: Run; epochs: readonly Epoch[] }[]): MeanCurve {
  const learned = seeds.filter(({ epochs }) => epochs.length > 0);
  const [first] = learned;
  const { run } = first ?? seeds[0];
  if (learned.length < 2)
    return { run, seeds: learned.length, epochs: [...(first?.epochs ?? [])], deviations: [] };
  const reached = Math.min(...learned.map(({ epochs }) => epochs.length));
  const curve: MeanCurve = { run, seeds: learned.length, epochs: [], deviations: [] };
  for (let at = 0; at < reached; at++) {
    const here = learned.flatMap(({ epochs }) => epochs[at] ?? []);
    const names = Object.keys(here[0]?.validation ?? {}).filter((name) =>
      here.every(({ validation }) => name in validation),
    );
    const spreads = names.map(
      (name) => [name, spread(here.map(({ validation }) => validation[name] ?? 0))] as const,
    );
    const loss = spread(here.map((epoch) => epoch.loss));
    curve.epochs.push({
      epoch: here[0]?.epoch ?? at + 1,
      loss: loss.mean,
      seconds: spread(here.map(({ seconds }) => seconds)).mean,
      validation: Object.fromEntries(spreads.map(([name, { mean }]) => [name, mean])),
    });
    curve.deviations.push({
      loss: loss.sd ?? 0,
      validation: Object.fromEntries(spreads.map(([name, { sd }]) => [name, sd ?? 0])),
    });
  }
  return curve;
}
