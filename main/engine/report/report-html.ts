/** A comparison as one HTML file: opened years later on another machine, it still says what was found and how. */
import { moment, plural } from '../../../shared/format.ts';
import { configurationSection, dataSection, definitionsSection, runsSection } from './configuration.ts';
import type { ReportFacts } from './facts.ts';
import { chartsSection } from './figures.ts';
import { page } from './page.ts';
import { exposureSection, rankingSection } from './standings.ts';
import { leadOf, metricsSection, pairsSection, slicesSection, verdictSection } from './findings.ts';

export function reportHtml(facts: ReportFacts): string {
  const { result, units, datasets, versions, madeAt } = facts;
  const lead = leadOf(result);
  const names = [...new Set(datasets.map(({ name }) => name))].join(', ');
  const title = `${plural(units.length, 'run')} compared on ${names}`;
  const about = `Made by Recommender Workbench ${versions['app'] ?? ''} on ${moment(madeAt)}. Figures rounded here are whole in the data at the end of this file.`;
  const data = {
    made: new Date(madeAt).toISOString(),
    versions,
    comparison: result,
    exposure: facts.exposure,
    runs: units.flatMap(({ members }) => members),
  };
  return page(
    title,
    about,
    [
      verdictSection(facts, lead),
      rankingSection(facts),
      metricsSection(facts, lead),
      pairsSection(facts),
      slicesSection(facts, lead),
      chartsSection(facts, lead),
      facts.exposure ? exposureSection(facts, facts.exposure) : '',
      configurationSection(facts),
      dataSection(facts),
      runsSection(facts),
      definitionsSection(facts),
    ],
    data,
  );
}
