import { plainSentences } from './plain-sentences.ts'
import { deedsAt, deedsOf, type Deed } from './words.ts'

/** What comes before the verb that says what the tool is for. */
const LEAD =
  /^(?:(?:also|additionally|then|and|this|the|a|an|tool|tools|api|function|endpoint|method|command|utility|that|which|it|you|allows?|lets?|enables?|helps?|used|use|can|be|is|to|for|us|users?|agents?|safely|quickly|easily|directly|automatically|permanently|please|simply|programmatically)\s+)+/
/** “An empty list …” names a thing, unless it is the tool that is spoken of. */
const ARTICLE = /^(?:the|an?)\s(?!(?:\S+\s){0,2}(?:tool|api|function|endpoint|method|command|utility|way)\b)/
/** After these a clause says when or instead of what, not what. */
const ASIDE =
  /\b(?:not|never|cannot|n't|don't|without|instead|rather|unless|before|after|when|whenever|if|once|e\.g|example|see|previously|already|note|useful|prefer|recently|for details|that (?:have|has|had|were|was|are|is|can|could)|which (?:have|has|had|were|was|are|is)|to be)\b.*/
const LINKS = /^(?:and|or|then|also|including|include|includes|will|may|can|optionally|plus|both|either|to)$/

/** What the text says that the tool does: the verb that opens it, and those joined to it or to an opening of a sentence. */
export function deedsOfDescription(description: string): {
  readonly lead: readonly Deed[]
  /** Each with the sentence that says it first. */
  readonly all: ReadonlyMap<Deed, string>
} {
  const all = new Map<Deed, string>()
  let lead: readonly Deed[] = []
  for (const [at, sentence] of plainSentences(description).entries()) {
    const { opening, joined } = deedsOfSentence(sentence)
    if (at === 0 || (at === 1 && all.size === 0)) lead = opening
    for (const deed of [...opening, ...joined]) {
      // Later sentences tell of surroundings as well; only what weighs is taken from them.
      if ((at === 0 || HEAVY.has(deed)) && !all.has(deed)) all.set(deed, sentence)
    }
  }
  return { lead, all }
}

/** “Where a parcel is”: what the tool tells. */
const QUESTION =
  /^(?:where|who|whom|what|which|how|whether|when (?:is|are|was|were|people|the|a|an))\b(?!.*,)/

const HEAVY: ReadonlySet<Deed> = new Set([
  'delete',
  'execute',
  'pay',
  'send',
  'deploy',
  'merge',
  'publish',
  'administer',
])

function deedsOfSentence(sentence: string): {
  readonly opening: readonly Deed[]
  readonly joined: readonly Deed[]
} {
  if (QUESTION.test(sentence)) return { opening: ['read'], joined: [] }
  const core = sentence.replace(LEAD, '').replace(ASIDE, '')
  const tokens: readonly string[] = core.match(/[a-z']+(?:-[a-z]+)*|[,/:()]/g) ?? []
  const head = baseForm(tokens[0] ?? '')
  // “Comments of a page”, “Labels, types and relations”: a thing, not a deed.
  const thing =
    ARTICLE.test(sentence) ||
    (NOUNS.has(tokens[0] ?? '') && /^(?:of|that|which|whose|for|,)$/.test(tokens[1] ?? ''))
  const opening = thing ? [] : deedsAt([head, ...tokens.slice(1)], 0)
  const joined: Deed[] = []
  // A list of verbs goes on only while what leads is itself a deed or announces deeds.
  const announces =
    opening.length > 0 || /\b(?:operations?|actions?|tools? for|manag\w+|lifecycle)\b/.test(core)
  if (!announces) return { opening, joined }
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1]
    if (before === undefined || !(LINKS.test(before) || /^[,/:(]$/.test(before))) continue
    const base = baseForm(token)
    const next = tokens[at + 1] ?? ''
    // A participle or a plural noun after a comma is no deed of the tool: “title, labels, comments”.
    if (NOUNS.has(token) || /(?:tion|ment|ed)s?$/.test(token) || NOUN_BEFORE.test(next)) continue
    joined.push(...deedsOf(base))
  }
  return { opening, joined }
}

const NOUN_BEFORE =
  /^(?:history|ids?|names?|status|state|info|information|details|data|logs?|messages?|list|url|urls|date|time|count|counts)$/
/** Words that descriptions list far more often as things than as deeds. */
const NOUNS: ReadonlySet<string> = new Set(
  `comments comment commits commit tags tag labels label releases release stars star logs log reviews records record messages
  message messages email emails mail dm dms im sms invite invites transfers keys fields values links link posts post types type routes route stages stage branches lists list sets set updates
  merges runs run starts start stops stop reset state tracks track query queries views view drafts draft votes schedule
  books book locks lock pins pin rates rate checks check patches patch copies copy forks fork changes change`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** `deletes`, `deleting`, `re-running`: the verb’s own form, where the table knows it. */
function baseForm(token: string): string {
  const word = token.replace(/^re-/, '').replace(/'s?$/, '')
  const forms = [
    word,
    word.replace(/(?:es|s)$/, ''),
    word.replace(/s$/, ''),
    word.replace(/ing$/, ''),
    word.replace(/ing$/, 'e'),
    word.replace(/([a-z])\1ing$/, '$1'),
    word.replace(/ies$/, 'y'),
  ]
  return forms.find((form) => deedsOf(form).length > 0) ?? word
}
