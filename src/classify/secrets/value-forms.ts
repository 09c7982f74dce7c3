/** One way to write a value, and how many characters of its surroundings carry bits of it too. */
export interface ValueForm {
  readonly text: string
  readonly before: number
  readonly after: number
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * How a value can stand in a text: as it is, escaped for JSON or a URL, in hexadecimal, in base64 at each of the three
 * places where it may begin within a group. Forms shorter than `shortest` are left out.
 */
export function valueForms(value: string, shortest: number): readonly ValueForm[] {
  const bytes = new TextEncoder().encode(value)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
  const json = JSON.stringify(value).slice(1, -1)
  const percent = encodeURIComponent(value)
  const plain = [
    value,
    json,
    json.replaceAll('/', String.raw`\/`),
    // An escaped text inside of another one.
    JSON.stringify(json).slice(1, -1),
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    formEncoded(percent),
    encodeURIComponent(percent),
    encodeURI(value),
    everyByte(hex, '%'),
    everyByte(hex, '%').toUpperCase(),
    everyByte(hex, String.raw`\x`),
    hex.join(''),
    hex.join('').toUpperCase(),
  ]
  const forms = new Map<string, ValueForm>()
  for (const text of plain) forms.set(text, { text, before: 0, after: 0 })
  for (const shift of [0, 1, 2]) {
    const form = base64Core(bytes, shift)
    forms.set(form.text, form)
    const text = form.text.replaceAll('+', '-').replaceAll('/', '_')
    forms.set(text, { ...form, text })
  }
  return [...forms.values()].filter(({ text }) => text.length >= shortest)
}

/** As `application/x-www-form-urlencoded` writes it. */
function formEncoded(percent: string): string {
  return percent.replaceAll('%20', '+').replaceAll(/[!'()~]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
  })
}

function everyByte(hex: readonly string[], mark: string): string {
  return hex.map((pair) => mark + pair).join('')
}

/** The characters of a base64 text that these bytes alone decide, when `shift` bytes stand before them in the group. */
function base64Core(bytes: Uint8Array, shift: number): ValueForm {
  const bits = [...new Uint8Array(shift), ...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const from = Math.ceil((shift * 8) / 6)
  const to = Math.floor(bits.length / 6)
  let text = ''
  for (let at = from; at < to; at += 1) {
    text += ALPHABET[Number.parseInt(bits.slice(at * 6, at * 6 + 6), 2)] ?? ''
  }
  return { text, before: shift === 0 ? 0 : 1, after: bits.length % 6 === 0 ? 0 : 1 }
}
