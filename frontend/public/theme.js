/* Runs before the first paint so that a chosen theme never flashes. External, since the CSP allows no inline script. */
(function () {
  try {
    var saved = JSON.parse(localStorage.getItem('accord.preferences') || '{}')
    if (saved.theme === 'light' || saved.theme === 'dark') document.documentElement.dataset.theme = saved.theme
    if (saved.density === 'compact') document.documentElement.dataset.density = 'compact'
    if (saved.locale) document.documentElement.lang = saved.locale
  } catch {
    /* private mode without storage: the system theme stays */
  }
})()
