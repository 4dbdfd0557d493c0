// Sets the theme before the first paint; a file of its own because the content security policy forbids inline scripts.
(function () {
  var chosen = 'system';
  try {
    chosen = localStorage.getItem('theme') || 'system';
  } catch {
    chosen = 'system';
  }
  var dark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
