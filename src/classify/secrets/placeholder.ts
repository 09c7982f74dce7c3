/** Words that stand where a secret would, in documentation and templates. */
const WORDS =
  /example|sample|placeholder|change[-_ ]?me|your[-_]|dummy|redacted|insert|replace|foobar|password|passwd|xxxx|\*{3,}|\.{3}|todo|n\/a|undefined|s3cr3t|hunter2|qwerty|letmein|my[-_](?:api|secret|token|key)|<[^>]*>/i
/** A reference to a secret that lies elsewhere: a variable, a template, a call. */
const REFERENCE =
  /^['"]?(?:\$|%[A-Za-z_]|\{\{|<|\[|@|process\.env|os\.environ|env[.[(]|var\.|secrets?\.|getenv)|\$\{|\$\(|\{\{|#\{/i
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'admin',
  'guest',
  'mysql',
  'pass',
  'postgres',
  'root',
  'secret',
  'test',
  'tests',
  'token',
  'user',
  'xxx',
  'yyy',
])

/** Whether a value that has the form of a secret is one only in form. */
export function isPlaceholder(value: string): boolean {
  const bare = value.replace(/^['"]+|['"]+$/g, '')
  return REFERENCE.test(bare) || WELL_KNOWN.has(bare.toLowerCase()) || WORDS.test(bare) || isMonotonous(bare)
}

/** One character over and over is a mask. */
function isMonotonous(text: string): boolean {
  const run = /(.)\1{9,}/.exec(text)?.[0].length ?? 0
  return run * 2 > text.length || /^(.)\1+$/.test(text.replace(/^[A-Za-z0-9]{0,12}[-_.~]/, ''))
}

/** A run of letters and digits mixed as no word, path, date or version has them. */
export function looksRandom(value: string): boolean {
  return value.split(/[^A-Za-z0-9]+/).some((run) => {
    if (run.length < 8) return false
    const changes = run.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0
    return changes >= 2
  })
}

/** Shannon entropy in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
