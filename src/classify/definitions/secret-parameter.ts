import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { foldText } from '../fold-name.ts'
import { asWritten, excerpt } from './excerpt.ts'
import { CONVERSATION, KEY_FILE, SECRET } from './sensitive-words.ts'
import { below } from './texts-of-definition.ts'

export interface SecretParameter {
  readonly where: string
  readonly text: string
}

const MAX_DEPTH = 32

/** Names under which a secret is handed over. Of a name in words: `apiKey`, `api-key` and `API_KEY` are `api key`. */
const SECRET_NAME =
  /\b(?:api ?key|access ?key|access token|auth token|authorization|bearer|private key|ssh ?key|secret ?key|secret access key|(?:git ?hub|git ?lab|slack|aws|openai|npm|jira|bot|personal access|refresh|security|session|id|user|admin) ?(?:token|secret|pat)|client secret|app secret|password|passwd|passphrase|credentials?|seed(?: phrase)?|mnemonic|recovery phrase|session cookie|cookies|cvv|cvc|card number|ssn|social security number|pin code|otp|env dump|environment variables|env vars|id rsa|dot ?env|shadow file)$/
/** A secret by its name alone, when nothing says that it is a place in a list. */
const BARE = /^(?:token|secret|key ?pair|pat|jwt|apikey|creds?|pwd|auth)$/
/** What the model knows and no tool needs. */
const MIND =
  /\b(?:conversation history|chat history|message history|conversation|system prompt|chain of thought|tool call history|previous messages|tool list|available tools|model name|conversation id history|context window|user prompt|original prompt)$/
const ABOUT_MODELS = /prompt|chat|llm|model|agent|assistant|message|complet|conversation|thread|memory|summar/
const PLACE_IN_LIST =
  /\b(?:page|pagination|next|cursor|continuation|sync|resume|count|limit|maximum|number of|csrf|placeholder|name of|id of|identifier of|reference to|stored|vault|decode|to (?:decode|inspect|verify|revoke|validate|rotate|redact|scan))\b/

/** "Content of ~/.ssh/id_rsa", "output of printenv", "the whole conversation": what a parameter is said to take. */
const SECRET_DESCRIPTION = new RegExp(
  [
    KEY_FILE,
    String.raw`\b(?:contents?|outputs?|results?|text|value|dump|copy) of (?:the |your |any |all )?(?:\w+ )?(?:.?\b(?:printenv|env|set|whoami|ifconfig|cat)\b|${CONVERSATION}|${SECRET})`,
    String.raw`\b(?:paste|put|include|provide|pass|insert|hand over|attach|send|your|the (?:user|human)[’']?s) (?:\w+ ){0,4}?(?:${CONVERSATION}|${SECRET})\b(?! (?:id|name|reference|label)s?\b)`,
    String.raw`\b(?:all|every|full|entire|whole|complete) (?:of )?(?:the )?(?:previous|prior|earlier|past|preceding)? ?(?:messages?|turns?|prompts?) (?:of|in|from) (?:this|the|our) (?:conversation|chat|session)`,
    String.raw`\b(?:entire|full|complete|whole) (?:conversation|chat|transcript|context window)\b`,
  ].join('|'),
  'u',
)

/** Parameters through which an agent would hand over a secret, or what its human said. */
export function findSecretParameters(definition: JsonObject): readonly SecretParameter[] {
  const { inputSchema, name } = definition
  if (!isJsonObject(inputSchema)) return []
  const found: SecretParameter[] = []
  visit(inputSchema, {
    where: 'inputSchema',
    depth: 0,
    aboutModels: ABOUT_MODELS.test(textOf(name).toLowerCase()),
    found,
  })
  return found
}

interface Visit {
  readonly where: string
  readonly depth: number
  readonly aboutModels: boolean
  readonly found: SecretParameter[]
}

function visit(schema: Json, visiting: Visit): void {
  if (typeof schema !== 'object' || schema === null || visiting.depth > MAX_DEPTH) return
  for (const [member, value] of Object.entries(schema)) {
    const where = below(visiting.where, member)
    if (member === 'properties' && isJsonObject(value)) {
      for (const [name, parameter] of Object.entries(value))
        look(name, parameter, { ...visiting, where: below(where, name) })
    }
    visit(value, { ...visiting, where, depth: visiting.depth + 1 })
  }
}

function look(name: string, parameter: Json, { where, aboutModels, found }: Visit): void {
  const { description, title, type } = isJsonObject(parameter) ? parameter : {}
  if (type === 'boolean' || type === 'integer' || type === 'number') return
  const written = `${textOf(title)} ${textOf(description)}`.trim()
  const said = foldText(written)
  const words = nameInWords(name)
  const isSecret = SECRET_NAME.test(words) || BARE.test(words)
  if (isSecret && !PLACE_IN_LIST.test(said)) {
    found.push({ where, text: excerpt(name, 0, name.length) })
    return
  }
  if (MIND.test(words) && !aboutModels) {
    found.push({ where, text: excerpt(name, 0, name.length) })
    return
  }
  const asked = SECRET_DESCRIPTION.exec(said)
  if (asked !== null && !(aboutModels && !new RegExp(KEY_FILE).test(asked[0]))) {
    found.push({ where, text: excerpt(asWritten(written, said), asked.index, asked.index + asked[0].length) })
  }
}

function nameInWords(name: string): string {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
  return foldText(spaced)
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
