import { launchBrowser } from '/work/w-sweepviews/test/fixtures/browser.ts';
import { serveStandInWindow } from '/work/w-sweepviews/test/windows/serve.ts';
import { settled } from '/work/w-sweepviews/test/e2e/settled.ts';
import { axeViolations } from '/work/w-sweepviews/test/e2e/axe.ts';
const [window, browser] = await Promise.all([serveStandInWindow(), launchBrowser()]);
const errors: string[] = [];
for (const spec of process.argv.slice(2)) {
  const [name, trials, theme, width='1440', height='900', zoom='1'] = spec.split(',');
  const page = await browser.newPage({ viewport: { width: Number(width)/Number(zoom), height: Number(height)/Number(zoom) }, deviceScaleFactor: Number(zoom) });
  page.on('pageerror', (e) => errors.push(e.message));
  page.on('console', (m) => m.type() === 'error' && errors.push(m.text()));
  const url = `${window.url}?theme=${theme}&trials=${trials}${name.includes('live') ? '&sweeping' : ''}`;
  if (name.startsWith('sweep')) {
    await page.goto(`${url}#runs`);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('BPR sweep');
    await page.getByRole('option', { name: /^BPR sweep/ }).click();
    await page.getByRole('heading', { name: 'All trials' }).waitFor();
    if (name.includes('brush')) {
      const h = page.getByRole('slider', { name: 'Learning rate, from' });
      await h.focus(); for (let i=0;i<5;i++) await page.keyboard.press('PageUp');
    }
    if (name.includes('low')) await page.getByRole('region', { name: 'Sweep', exact: true }).evaluate((e) => (e.scrollTop = 2000));
  } else if (name.startsWith('mode')) {
    await page.goto(`${url}#new-run`);
    await page.getByRole('radio', { name: 'Sweep', exact: true }).click();
  } else await page.goto(`${url}#${name}`);
  await settled(page);
  await page.screenshot({ path: `/tmp/shots/${spec.replaceAll(',', '-')}.png` });
  console.log(spec, JSON.stringify(await axeViolations(page)).slice(0, 1500));
  await page.close();
}
console.log(errors);
await browser.close(); await window.close();
