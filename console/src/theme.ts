const KEPT = 'remit-theme'
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export function keptTheme(): Theme {
  const kept = localStorage.getItem(KEPT)
  return THEMES.find((theme) => theme === kept) ?? 'system'
}

export function applyTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme)
  document.documentElement.dataset['theme'] = theme
}
