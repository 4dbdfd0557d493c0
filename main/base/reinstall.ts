/** How to get a damaged or missing part back, as the beginning of a hint: who installed the app has no npm. */
export function reinstall(from: string = import.meta.dirname): string {
  return /[\\/]app\.asar[\\/]/.test(from) ? 'Install the workbench again' : 'Run npm ci again';
}
