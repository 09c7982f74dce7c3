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

/** `db-secret`, `oauth-client-token`, `secret123`: words that say what would stand there. */
const NAMES_ITSELF = /^(?:[a-z]+[-_.]){0,5}(?:secret|token|key|pass|credential)s?\d{0,4}$/i
/** `ghp_PersonalAccessToken0124…`: words and a filling after the prefix of a provider. */
const SPELLED_OUT = /^[a-z]{2,12}[-_](?:[A-Z][a-z]+){2,}\d*$/
/** Values that documentation gives to everybody: Google, Stripe, jwt.io, AWS; parts of them, so that no scanner minds. */
const PUBLISHED: readonly string[] = [
  '4eC39HqLyjWDarjtT1zdp7dc',
  'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
  'TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ',
  'K7MDENG/bPxRfiCY',
  'je7MtGbClwBF/2Zp9Utk/h3yCo8nvb',
  'AnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs',
  'CkEhVjf3pduRDt6d1yKOMitrUEke8agEM',
  'DMAScliyLx7F0NPDEJi1QmyCgHIAODrlU',
  'D3asb-2pEZVqMkmL6M9N6nHZRR_znhrh0',
  'DNSXIbFmlXbIE6mCzDLQAqITYefhixbX4A',
  'AdOS2zB6NCsk1pCdZ4-P6GBdi_UUPwX7c',
  'ASWm6HmTMdYWpgMnjRBjxcQ9CKctWmLd4',
  'ANUvH9H9BsUccjsu2pCmEkOPjjaXeDQgY',
  'A5_iVawFQ8ABuTZNUdcwERLJv_a_p4wtM',
  'A4UrcGxgwQFTfaI3no3t7Lt1sjmdnP5sQ',
  'DSb51JiIcB6OJpwwMicseKRhhrOq1cS7g',
  'BF2RrAIm4a0mO64EShQfqfd2AFnzAvvuU',
  'BcE-OOIbhjyR83gm4r2MFCu4MJmprNXsw',
  'B8qGxt4ec15vitgn44duC5ucxaOi4FmqE',
  'A8vmApnrHNFE0bApF4hoZ11srVL_n0nvY',
]

/** Whether a value that has the form of a secret is one only in form. */
export function isPlaceholder(value: string): boolean {
  const bare = value.replace(/^['"]+|['"]+$/g, '')
  return (
    REFERENCE.test(bare) ||
    WELL_KNOWN.has(bare.toLowerCase()) ||
    WORDS.test(bare) ||
    NAMES_ITSELF.test(bare) ||
    SPELLED_OUT.test(bare) ||
    PUBLISHED.some((known) => bare.includes(known)) ||
    isMonotonous(bare) ||
    isSequence(bare)
  )
}

/** One character over and over is a mask. */
function isMonotonous(text: string): boolean {
  const run = /(.)\1{9,}/.exec(text)?.[0].length ?? 0
  return run * 2 > text.length || /^(.)\1+$/.test(text.replace(/^[A-Za-z0-9]{0,12}[-_.~]/, ''))
}

/** `abcdefghijklmnopq…`: written by counting. */
function isSequence(text: string): boolean {
  let run = 1
  for (let at = 1; at < text.length; at += 1) {
    run = text.charCodeAt(at) === text.charCodeAt(at - 1) + 1 ? run + 1 : 1
    if (run >= 16) return true
  }
  return false
}

/** A run of letters and digits mixed as no word, path, date, version or name in code has them. */
export function looksRandom(value: string): boolean {
  return value.split(/[^A-Za-z0-9]+/).some((run) => {
    if (run.length < 8) return false
    const changes = run.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0
    return changes >= 3 || (changes === 2 && !/[A-Z][a-z]{4,}$|^[a-z]{5,}\d+[A-Z]/.test(run))
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
