/**
 * Tools of --allow-writes. Nothing is deleted by any of them: what is archived can be had back, and a report replaces no
 * file of a data folder.
 */
import * as v from 'valibot';
import { RunConfig } from '../../../shared/config.ts';
import { id, list, name, path, text } from '../../../shared/fields.ts';
import { ImportSettings } from '../../../shared/imports.ts';
import { dataset, metric, run, runs, said } from './fields.ts';
import { tool, type Tool } from './tool.ts';

const file = said(path, 'whole path of a file on this computer');

export const writeTools: readonly Tool[] = [
  tool({
    name: 'inspect_file',
    title: 'Look into a file of ratings',
    description: 'What a file seems to be: encoding, delimiter, columns and their roles, and its first rows.',
    input: v.object({ path: file, settings: v.optional(ImportSettings, {}) }),
    writes: true,
    run: (host, input) => host.invoke('import.inspect', input),
  }),
  tool({
    name: 'import_ratings',
    title: 'Import ratings',
    description:
      'Starts to import a file of ratings as a new data set and returns a job for wait_for, whose result accounts for every row.',
    input: v.object({ path: file, name, settings: v.optional(ImportSettings, {}) }),
    writes: true,
    run: (host, input) => host.invoke('import.start', input),
  }),
  tool({
    name: 'open_sample',
    title: 'Make the sample',
    description:
      'Makes a small synthetic data set, with a few runs or without, to try things on; returns a job.',
    input: v.object({ runs: v.optional(v.boolean(), true) }),
    writes: true,
    run: (host, input) => host.invoke('datasets.sample', input),
  }),
  tool({
    name: 'train',
    title: 'Train',
    description:
      'Queues a run for each configuration and returns their ids, to use with wait_for. The analyst sees them run. Parameters that are left out take the defaults of list_models; runs compare only under the same split and candidates.',
    input: v.object({
      dataset,
      configs: v.pipe(list(RunConfig, 50), v.minLength(1)),
      name: said(
        v.optional(v.nullable(name), null),
        'of the run; null: made from what differs from the defaults',
      ),
    }),
    writes: true,
    run: (host, input) => host.invoke('runs.start', input),
  }),
  tool({
    name: 'cancel_run',
    title: 'Stop a run',
    description: 'Stops a run after its epoch, which keeps its figures, or now.',
    input: v.object({ run, when: v.optional(v.picklist(['epoch', 'now']), 'epoch') }),
    writes: true,
    run: (host, input) => host.invoke('runs.stop', input),
  }),
  tool({
    name: 'cancel_job',
    title: 'Cancel a job',
    description: 'Cancels an import or an export; nothing of it is left.',
    input: v.object({ job: id }),
    writes: true,
    run: (host, input) => host.invoke('jobs.cancel', input),
  }),
  tool({
    name: 'resume_run',
    title: 'Resume a run',
    description: 'Goes on with an interrupted run from its last checkpoint.',
    input: v.object({ run }),
    writes: true,
    run: (host, input) => host.invoke('runs.resume', input),
  }),
  tool({
    name: 'rename_run',
    title: 'Rename a run',
    description: 'Gives a run another name.',
    input: v.object({ run, name }),
    writes: true,
    run: (host, input) => host.invoke('runs.rename', input),
  }),
  tool({
    name: 'note_run',
    title: 'Write a note on a run',
    description: 'Replaces the note of a run.',
    input: v.object({ run, note: text() }),
    writes: true,
    run: (host, input) => host.invoke('runs.note', input),
  }),
  tool({
    name: 'tag_runs',
    title: 'Tag runs',
    description: 'Replaces the tags of runs.',
    input: v.object({ runs: runs(1, 1000), tags: list(text(100), 100) }),
    writes: true,
    run: (host, input) => host.invoke('runs.tag', input),
  }),
  tool({
    name: 'archive_runs',
    title: 'Archive runs',
    description: 'Takes runs out of the lists, or back in.',
    input: v.object({ runs: runs(1, 1000), archived: v.boolean() }),
    writes: true,
    run: (host, input) => host.invoke('runs.archive', input),
  }),
  tool({
    name: 'write_report',
    title: 'Write a report',
    description: 'Writes a comparison as one HTML file that fetches nothing, and returns where it is.',
    input: v.object({ runs: runs(2, 100), metric, path: file }),
    writes: true,
    run: (host, input) => host.invoke('report', input),
  }),
];
