/**
 * Letters of other scripts that look like Latin ones, where names are made to deceive (a part of Unicode TR 39's
 * confusables: Cyrillic, Greek, Armenian, and a few Latin ones that NFKC leaves).
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ѐ: 'e',
  ё: 'e',
  є: 'e',
  ғ: 'f',
  ԍ: 'g',
  һ: 'h',
  н: 'h',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  п: 'n',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  у: 'y',
  ү: 'y',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  ҳ: 'x',
  з: '3',
  α: 'a',
  β: 'b',
  ϲ: 'c',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  μ: 'u',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  γ: 'y',
  ζ: 'z',
  ո: 'n',
  օ: 'o',
  ս: 'u',
  հ: 'h',
  ց: 'g',
  յ: 'j',
  զ: 'q',
  ꜱ: 's',
  ɡ: 'g',
  ɑ: 'a',
  ı: 'i',
  ɩ: 'i',
  ʏ: 'y',
  ᴠ: 'v',
  ᴇ: 'e',
  ɴ: 'n',
  ᴄ: 'c',
  ᴏ: 'o',
  ꞓ: 'c',
  ǀ: 'l',
  '‐': '-',
  '‑': '-',
  '–': '-',
  '−': '-',
  '․': '.',
}

/** A text as a careless reader sees it: compatibility forms, marks, case and look-alikes folded, invisibles gone. */
export function foldText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase()
  let folded = ''
  for (const char of text.normalize('NFKD').toLowerCase()) {
    if (/[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}]/u.test(char)) continue
    folded += LOOK_ALIKES[char] ?? char
  }
  return folded.normalize('NFC')
}

const BACKUP = /(?:~|\.(?:bak|backup|old|orig|save|copy|swp|swo|tmp|\d)){1,3}$/

/**
 * The names under which a component may be known: what Windows drops (streams, dots and spaces at the end), what
 * some tools cut off (`#fragment`), and the copies that editors leave. The folded name itself comes first.
 */
export function namesOf(component: string): readonly string[] {
  const folded = foldText(component)
  const names = [folded]
  const cut =
    folded
      .split(/[:#]/, 1)[0]
      ?.trim()
      .replace(/[. ]+$/, '') ?? ''
  if (cut !== '' && cut !== folded) names.push(cut)
  const original = (cut === '' ? folded : cut).replace(BACKUP, '')
  if (original !== '' && original !== names.at(-1)) {
    names.push(original)
    // `.name.swp` is the copy of `name`.
    if (/\.sw[op]$/.test(folded) && original.startsWith('.')) names.push(original.slice(1))
  }
  return names
}
