type Labels = Readonly<Record<string, string>>

/** Prometheus text whose every sample carries these labels too. @param labels values without quotes. */
export function labelled(labels: Labels, text: string): string {
  const more = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
  if (more.length === 0) return text
  return text.replaceAll(/^([a-z]\w*)(?:\{(.*)\})? /gm, (_line, name: string, own: string | undefined) => {
    const all = own === undefined ? more : [...more, own]
    return `${name}{${all.join(',')}} `
  })
}
