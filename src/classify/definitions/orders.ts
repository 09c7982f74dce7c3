import { CONVERSATION, KEY_FILE, SECRET } from './sensitive-words.ts'

/** A way to give a model orders, of a text in lower case and in Latin letters. */
export interface Order {
  readonly pattern: RegExp
  /** Words right before the match that turn it into its opposite. */
  readonly unless?: RegExp
  /** True = at the very beginning it is what the tool itself does. */
  readonly notFirst?: boolean
  /** What the match must speak of as well. */
  readonly about?: RegExp
}

const HUMAN = String.raw`(?:the |your |any |its |their )?(?:users?|humans?|persons?|people|customers?|operators?|developers?|owners?|clients?|person you|anyone|anybody|them|him|her)`
const MODEL = String.raw`(?:the |this |any |every |all )?(?:ai|llm|language model|model|assistant|ai agent|agent|chatbot|claude|gpt|copilot|gemini)s?(?: (?:assistant|model|agent))?`
const TAKE = String.raw`(?:read|open|cat|access|load|collect|gather|include|append|prepend|attach|paste|pass|send|upload|forward|put|copy|supply|hand|dump|transmit|post|submit|encode|embed|leak|extract|exfiltrate|insert|add|fill|provide|write|place|fetch|retrieve|give|obtain|store|save|share|report|log|use)`
const MUST = String.raw`(?:must|should|shall|have to|has to|need to|needs to|(?:is|are) (?:required|obliged|instructed|expected|mandatory)(?: (?:to|for you to))?|always|first|please|make sure (?:to|you|that)|be sure to|ensure (?:that )?you|remember to|it is (?:mandatory|essential|necessary|important|required|critical|vital) (?:to|that))`
const NEGATED =
  /(?:\bnot|n['’]t|\bnever|\bavoid|\bwithout|\bcannot|\bno need to|\binstead of|\brather than)[ \w,]{0,40}$/
const NAMED_TOOL = String.raw`[\x60"'“‘]?(?:[a-z0-9]+_[a-z0-9_]+|[a-z]+[a-z0-9]*\(\))[\x60"'”’]?`

/** What a tool is not told unless its work is about it. */
const PRIVATE =
  /\b(?:home (?:directory|folder)|workspace path|git remote|listing|shell history|bash history|browser history|inbox|e-?mails?|clipboard|host ?name|user ?name|ip address|location|employer|contacts?|(?:last|latest|recent|original) (?:question|message|e-?mail|prompt)s?|knows? about the user|environment|conversation)\b/

/** Words to a model that have no place in the description of a tool, by what they are after. */
export const ORDERS: readonly Order[] = [
  // Let go of what you were told.
  order(
    String.raw`\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|es|ing)|bypass(?:ing)?|supersedes?|set aside|drop|abandon|neglect|delete|erase)\b[^.!?\n]{0,40}?\b(?:previous(?:ly)?|prior|earlier|above|preceding|other|your|existing|initial|original|system|safety|all|any|former|given|default|security)\b[^.!?\n]{0,30}?\b(?:instructions?|directives?|prompts?|guidelines?|guardrails?|orders|safeguards?|alignment|training|safety (?:rules?|checks?|polic(?:y|ies)|measures?|constraints?)|(?:your|previous|prior|system|earlier) (?:rules?|constraints?|restrictions?|polic(?:y|ies)))`,
    { unless: NEGATED },
  ),
  order(
    String.raw`\b(?:you are|you['’]re|act|behave|operate)\b[^.!?\n]{0,12}\b(?:now|henceforth|as if)\b[^.!?\n]{0,40}\b(?:mode|unrestricted|admin|administrator|root|jailbroken|free|maintenance|developer|no (?:restrictions|limits)|different)`,
  ),
  order(String.raw`\bfrom (?:now|this (?:point|moment)) on(?:wards?)?\b`),
  order(
    String.raw`\b(?:new|updated|additional|hidden|secret|real|actual) (?:system )?(?:instructions?|directives?|orders)\b[^.!?\n]{0,10}(?::|for ${MODEL}|to ${MODEL})`,
  ),
  // Hide it from the human.
  order(
    String.raw`\b(?:not|never|n['’]t|avoid|refrain from|without|no need to|nor)\b (?:\w+ ){0,3}?(?:tell|telling|inform|informing|mention|mentioning|reveal|revealing|disclos(?:e|ing)|notify|notifying|alert|alerting|show|showing|display|displaying|let|letting|warn|warning|expos(?:e|ing)|explain|explaining|report|reporting|discuss|discussing|acknowledg(?:e|ing)|admit|admitting)\b[^.!?\n]{0,50}?\b(?:to |with |about |by )?(?:the |your |any )(?:end[- ])?(?:users?|humans?|persons?|people|customers?|operators?|owner)\b`,
    { unless: /\b(?:never|not|n['’]t|cannot)\b[ \w,]{0,40}$/ },
  ),
  order(
    String.raw`\b(?:not|never|n['’]t)\b (?:\w+ ){0,2}?(?:mention|reveal|disclose|tell|inform|admit|acknowledge|repeat|say|talk about) (?:this|that|it|these|anything|anyone|anybody|them|any of)\b`,
  ),
  order(
    String.raw`\b${HUMAN} (?:\w+ )?(?:do|does|did|should|must|need|may|can|will|is|are)(?: ?not|n['’]t| never) (?:have to |need to |want to |meant to |supposed to )?(?:ever |be )?(?:know|notice|find out|told|informed|aware|notified|shown|see (?:this|it|that)|learn)\b`,
    { unless: /\b(?:if|when|unless|in case|so that|because|since|where)\b[ \w]{0,12}$/ },
  ),
  order(
    String.raw`\b(?:nobody|no ?one|no human|no user) (?:must|should|may|can|will|has to|needs to) (?:ever )?(?:know|notice|find out|see|learn)\b`,
  ),
  order(
    String.raw`\b(?:silently|secretly|quietly|covertly|discreetly|stealthily|invisibly|unnoticed|in secret|behind the scenes|surreptitiously)\b,? (?:also |always |first |then )?(?:${TAKE.slice(3, -1)}|call|calls|run|execute|invoke|bcc|record|change|modify|replace|redirect|delete|transfer|perform|do)\b`,
  ),
  order(
    String.raw`\b(?:call|run|execute|invoke|send|read|upload|forward|copy|do|perform|append|add|include)\b[^.!?\n]{0,60}\b(?:silently|secretly|covertly|discreetly|in secret|unnoticed|without (?:anyone|anybody|the user) (?:knowing|noticing))\b`,
  ),
  order(
    String.raw`\b(?:keep|leave|treat|consider)\b[^.!?\n]{0,30}\b(?:hidden|secret|confidential|concealed|private|invisible|between us)\b(?:[^.!?\n]{0,10}\bfrom ${HUMAN})?`,
    { unless: NEGATED },
  ),
  order(
    String.raw`\b(?:hidden|concealed|kept|hide (?:this|it|that|them|these)|conceal (?:this|it|that|them|these)) from ${HUMAN}\b`,
  ),
  // Do not ask first.
  order(
    String.raw`\b(?:do not|don['’]t|never|no need to|without|must not|should not)\b (?:\w+ ){0,2}?(?:ask|asking|request|requesting|seek|seeking|prompt|prompting|wait|waiting|require|requiring)\b[^.!?\n]{0,25}\b(?:confirmation|permission|approval|consent|authori[sz]ation|confirm|again)\b`,
    { unless: /\b(?:never|not|n['’]t|cannot|avoid)\b[ \w,]{0,40}$/ },
  ),
  order(
    String.raw`\b(?:user|human|owner|admin(?:istrator)?)s? (?:has|have|had) (?:already |pre-?)?(?:approved|authori[sz]ed|consented|agreed|given (?:full )?(?:permission|consent|approval)|granted)\b`,
  ),
  order(
    String.raw`\b(?:automatically|auto-?|always|silently) ?(?:approv|grant|accept|confirm|allow)(?:e|es|ing)? (?:all|every|any|each|the|permission|it|them)\b`,
  ),
  order(
    String.raw`\b(?:grant|approve|accept|allow|confirm) (?:all|every|any|each) (?:permission|request|action|tool|prompt|confirmation)s?\b`,
  ),
  // Said to the model, in the voice of somebody who may.
  order(
    String.raw`<\/?\s*(?:important|system|secret|hidden|admin|assistant|override|critical|instructions? (?:to|for)|sys|priority|internal|inst|note[- _]to[- _](?:ai|llm|model|assistant)|(?:ai|llm|model|agent|system)[-_ ](?:instructions?|only|note|prompt|directive|override))\s*\/?>`,
  ),
  order(
    String.raw`(?:\[|\(|\{|<\||###\s?|<<)\s*\/?(?:system|assistant|inst|admin|sys|im_start|developer)\b\s*(?:\]|:|\||>>|(?:message|prompt|note|override|instruction)s?\b)`,
  ),
  order(
    String.raw`(?:^|[.!?\n]\s*)(?:system|assistant|admin|developer)(?: (?:message|note|prompt|override|instruction|notice))?: `,
  ),
  order(
    String.raw`\b(?:notes?|messages?|instructions?|reminders?|attention|directives?|hints?|warning|addressed|notice|important|info(?:rmation)?|heads-?up|fyi|word)\b,? (?:to|for|only for|intended for) ${MODEL}(?:\b|:)`,
  ),
  order(
    String.raw`\b${MODEL}s? (?:that (?:is |are )?)?(?:reads?|reading|process(?:es|ing)) (?:this|these)\b|\byour (?:operator|developer|creator|principal|administrator) (?:wants|requires|has (?:asked|decided|ordered)|asks|expects|demands)\b|\b(?:have|make|get) the (?:agent|assistant|model|llm|ai) (?!to be\b)\w+ `,
  ),
  order(
    String.raw`\b(?:obey|comply with|abide by)\b[^.!?\n]{0,20}\b(?:following|these|this|below|new)\b|\b(?:do|follow|execute|apply|obey|perform) (?:what(?:ever)?|everything|anything|as|all that) (?:it|they|the \w+) (?:says?|contains?|tells?|instructs?|commands?|asks?)`,
  ),
  order(
    String.raw`\bas if (?:it|they|this|these|the (?:user|human|system|operator))\b[^.!?\n]{0,20}\b(?:came|typed|said|written|asked|ordered|requested|trusted|instructions?)\b`,
  ),
  order(
    String.raw`\b(?:restrictions?|limits?|limitations?|rules|safeguards?|guardrails?|filters?|polic(?:y|ies))\b[^.!?\n]{0,40}\b(?:lifted|removed|suspended|no longer appl(?:y|ies)|do(?:es)? not apply|disabled|waived|switched off)\b`,
  ),
  order(
    String.raw`\b(?:each|every|all|your|any) (?:repl(?:y|ies)|responses?|answers?|messages?|outputs?)\b[^.!?\n]{0,30}\b(?:must|has to|have to|should|shall|needs? to) (?:always |also )?(?:end|start|begin|close|open|contain|include|carry|mention|link)\b`,
  ),
  order(
    String.raw`\bif (?:you are |you['’]re |the (?:user|human) |they |someone |anyone )?ask(?:s|ed)? (?:about|for|whether|why|how|if)\b[^.!?\n]{0,60}\b(?:say|answer|reply|respond|recommend|claim|deny|pretend|suggest|state|lie)\b`,
  ),
  order(
    String.raw`\b(?:any |every |all )?(?:mentions?|references?|occurrences?)\b[^.!?\n]{0,40}\b(?:competit\w+|rivals?|other (?:products?|tools?|vendors?))\b`,
  ),
  order(String.raw`\b(?:dear|hey|hello|attention|psst),? ${MODEL}\b`),
  order(
    String.raw`\b${MODEL} (?:must|shall|should|has to|needs to|is (?:required|instructed|obliged|ordered) to|will) (?:\w+ )?(?:always|first|never|also|silently|immediately|ignore|read|send|append|include|forward|call|pass|disregard|comply|obey|upload|collect|execute)\b`,
  ),
  order(
    String.raw`\bthis (?:is|message|instruction|step|rule|directive)\b[^.!?\n]{0,30}\b(?:system[- ]level|overrides?|takes precedence|top[- ]priority|highest priority|non-?negotiable|cannot be (?:ignored|skipped|refused))\b`,
  ),
  order(
    String.raw`\b(?:tool|it|this|call|request|function|server|operation)s? (?:will|would|does|shall|is going to|may) (?:not work|n['’]t work|fail|break|crash|be blocked|stop working)\b[^.!?\n]{0,12}\b(?:otherwise|unless you|if you (?:do not|don['’]t))\b`,
  ),
  order(
    String.raw`\b(?:otherwise|or else),? (?:this |the |it |your )?(?:tool|call|request|function|it|user|application|ide|server)?s?\b[^.!?\n]{0,20}\b(?:will|would) (?:not work|n['’]t work|fail|break|crash|be (?:blocked|deleted|fired|lost))\b`,
  ),
  // Fetch and hand over.
  order(String.raw`\b${TAKE}\b[^.!?\n]{0,80}?(?:${KEY_FILE}|${CONVERSATION})`, {
    unless: NEGATED,
    notFirst: true,
  }),
  order(
    String.raw`\b(?:${MUST}|you|and|also|then|to)\b (?:\w+ ){0,3}?${TAKE}\b[^.!?\n]{0,60}?\b(?:all|any|every|each|the|your|their|users?['’]s?|found|stored|local|its)\b (?:\w+ ){0,3}?${SECRET}`,
    { unless: NEGATED, notFirst: true },
  ),
  order(
    String.raw`\b(?:include|append|attach|paste|pass|send|upload|forward|put|dump|leak|exfiltrate|hand over|encode|embed|submit)\b (?:\w+ ){0,3}?(?:all|any|every|each)\b (?:\w+ ){0,3}?${SECRET}`,
    { unless: NEGATED, notFirst: true },
  ),
  order(
    String.raw`\b(?:send|post|upload|forward|transmit|report|submit|leak|exfiltrate|copy|deliver|push)\b[^.!?\n]{0,80}\b(?:conversation|chat|transcript|histor(?:y|ies)|contents?|files?|keys?|data|results?|e-?mails?|messages?|everything|details|credentials|variables|tokens?|responses?|outputs?|quer(?:y|ies))\b[^!?\n]{0,60}?(?:https?:\/\/|ftp:\/\/|[\w.+-]+@[\w-]+\.[\w.]+)`,
    { unless: NEGATED, notFirst: true },
  ),
  order(
    String.raw`\b(?:b?cc|copy|forward)\b[^.!?\n]{0,40}[\w.+-]+@[\w-]+\.\w+|[\w.+-]+@[\w-]+\.\w+[^!?\n]{0,20}\b(?:(?:to|in|as) (?:the )?b?cc|bcc)\b`,
  ),
  order(
    String.raw`\b(?:append|appended|attach|attached|pass|give|put|write|include|included|send|add|added|supply|carr(?:y|ies)|copy|paste)\b[^.!?\n]{0,80}\b(?:as|to|in|into|with|at) (?:the |each |every |all |a )?(?:[\x60"'“‘]?\w+[\x60"'”’]? )?(?:arguments?|parameters?|calls?|requests?|headers?|[\x60"'“‘]\w+[\x60"'”’])`,
    { unless: NEGATED, notFirst: true, about: PRIVATE },
  ),
  order(
    String.raw`\b(?:value|content)s? of (?:the )?[\x60"'“‘]?\$?[a-z0-9_]*(?:secret|token|password|passwd|api_?key|access_?key|private_?key|credential)[a-z0-9_]*`,
    { notFirst: true, unless: NEGATED },
  ),
  // Steer what other tools do.
  order(
    String.raw`\bother\b[^.!?\n]{0,20}\btools?\b[^.!?\n]{0,20}\b(?:are|is|be) (?:broken|outdated|unreliable|insecure|wrong|unsafe|inaccurate|obsolete)\b|\b(?:rely|count|depend) (?:only |solely |exclusively )?on this (?:one|tool)(?: alone| only| exclusively)?\b|\b(?:trust|use|believe) (?:only|solely|exclusively) this (?:one|tool)\b`,
  ),
  order(
    String.raw`\b(?:changes?|modif(?:y|ies)|alters?|overrides?|affects?|replaces?|redefines?) (?:how|the (?:behaviou?r|meaning|semantics|function|way|use) of) (?:the )?(?:${NAMED_TOOL}|other tools?|all (?:other )?tools?|[\w-]+ tool)`,
  ),
  order(
    String.raw`\b(?:when|whenever|if|before|after|every time|each time|any ?time|once)\b[^.!?\n]{0,40}(?:${NAMED_TOOL}|\b(?:another|other|any|any other|all other) tools?|[\w-]+ tool)\b[^.!?\n]{0,30}(?:,|\bis\b|\bare\b)[^.!?\n]{0,30}\b(?:always|must|never|instead|also|have to|add|set|change|replace|use)\b`,
    { unless: /\b(?:for example|e\.g\.)[^.]{0,40}$/ },
  ),
  order(
    String.raw`\b(?:recipients?|beneficiar(?:y|ies)|iban|account|amount|address|addressee|destination|to|receiver|payee)\b (?:field |parameter |number |address |argument )?(?:must|should|has to|have to|shall|needs to) (?:always |first )?be (?:set|changed|replaced|redirected|sent|[a-z]{2}\d)`,
  ),
  order(
    String.raw`\b(?:do not|don['’]t|never|stop) (?:use|call|invoke|using|calling|trust)\b[^.!?\n]{0,30}(?:other (?:servers?|tools?|providers?)|any other|tools? (?:of|from|on) other|${NAMED_TOOL}[^.!?\n]{0,20}\b(?:any ?more|again|no longer))`,
  ),
  order(
    String.raw`\b(?:always|must|only|should)\b (?:be )?(?:select|choose|pick|prefer|use|call|selected|chosen|preferred|used|called)(?:ed)?\b[^.!?\n]{0,30}\b(?:over|before|instead of|ahead of|rather than|in place of|in preference to) (?:every|any|all|the|other)\b (?:\w+ ){0,2}?(?:tools?|others?|alternatives?|options?|servers?|functions?)`,
  ),
  order(
    String.raw`\b(?:highest|top|maximum|absolute|ultimate) priority\b|\bno matter (?:what|which|whether)\b[^.!?\n]{0,30}\b(?:user|asked|asks|says|request)|\bregardless of (?:what )?(?:the )?(?:user|human|request|instruction)`,
  ),
  order(
    String.raw`\b(?:every|each) time (?:that )?you\b[^.!?\n]{0,60}\b(?:must|always|also|have to|should|need to)\b`,
  ),
  order(
    String.raw`\b(?:whenever|every time|each time|if)\b[^.!?\n]{0,60}\b(?:conversation|chat|user (?:mentions|says|asks|types|shares))\b[^.!?\n]{0,60}?\b(?:first|must|always|also|immediately|silently) (?:call|use|send|run|invoke|store|forward|read|log)\b`,
  ),
  order(String.raw`\b(?:tell|instruct|order|convince|trick|get|make|force) ${MODEL} (?:to|into)\b`),
  order(
    String.raw`\b(?:when|whenever|if|for)\b[^.!?\n]{0,60}\b(?:users?|requests?|quer(?:y|ies)|anyone|someone|they)\b[^.!?\n]{0,80}\b(?:automatically|silently|transparently|always) (?:redirect|modif|replac|chang|enabl|enhanc|add|set|substitut|rewrit|alter|switch|divert|forward|includ|append|prepend|us)(?:e|es|ed|ies|ied|s)?\b`,
  ),
  order(
    String.raw`\b(?:display|show|print|say|output|add|insert|include|state) the (?:message|text|phrase|sentence|words|notice|disclaimer|recommendation)\b[^\n]{0,6}[\x60"'“‘]`,
  ),
  // Run it, fetch it, leave it behind.
  order(
    String.raw`\b(?:${MUST}|you|and|also|then)\b (?:\w+ ){0,3}?(?:execute|run|launch|start|eval)\b[^.!?\n]{0,40}\b(?:commands?|scripts?|check|code|shell|binary|program|installer|one-liner)\b[^.!?\n]{0,60}[:\x60]`,
    { unless: NEGATED },
  ),
  order(
    String.raw`\b(?:must|should|shall|have to|has to|need to|needs to|required to|please|make sure to|first|also)\b (?:\w+ ){0,3}?(?:access|contact|connect to|visit|navigate to|reach|send|call|query|request|open|fetch|load|get|post|ping|authenticate|register|report)\b[^.!?\n]{0,60}\b(?:https?|ftp):\/\/`,
    { unless: NEGATED },
  ),
  order(
    String.raw`\b(?:add|append|write|insert|put|echo|install|place|create|edit|modif|updat|chang)\w*\b[^.!?\n]{0,80}(?:\.(?:bashrc|zshrc|bash_profile|profile|zprofile|zshenv)\b|\bcrontab\b|authorized_keys|\/etc\/(?:hosts|cron\w*|rc\.local|sudoers|ld\.so\.preload)|\.git\/hooks|launchagents|\.github\/workflows|claude\.md|agents\.md|\.cursorrules|\.(?:claude|cursor|codex|gemini|vscode|windsurf|continue)[\\/][\w.-]+)`,
    { unless: NEGATED, notFirst: true },
  ),
  order(
    String.raw`(?:&&|;|\|)\s*(?:echo|sudo|curl|wget|cat|rm|nc|bash|sh|whoami|id|env|chmod)\b|\b(?:python[23]?|perl|ruby|node|php) -[cer]\b|\bos\.system\(|\bsudo (?:-l|su|rm|chmod|cat)\b|\$\((?:whoami|id|cat|curl|env|date|hostname)\b|\b(?:curl|wget) -\w+[^\n]{0,40}https?:`,
  ),
  // A reason that admits no question.
  order(
    String.raw`\b(?:for|due to|to (?:ensure|maintain|comply with|meet|satisfy|verify)|because of|as part of)\b[^.!?\n]{0,60}\b(?:security|compliance|complian[ct]|audit\w*|regulat\w+|integrity|verification|validation|authorization|licensing|policy)\b[^.!?\n]{0,60}\b(?:you (?:must|should|need|have)|it is (?:mandatory|required|critical|necessary)|(?:must|should) (?:first|also|always)|(?:is|are) (?:mandatory|required) to)\b`,
  ),
  order(
    String.raw`\bthis (?:\w+ ){0,3}?(?:is|step is|check is) (?:mandatory|required|essential|crucial|necessary|critical) for (?:all|any|every|each|maintaining|proper|security)\b`,
  ),
  order(
    String.raw`\b(?:for internal (?:use|debugging|testing)(?: purposes)? only|(?:should|must) (?:never|not) be (?:invoked|called|used|triggered|run) (?:directly |manually )?(?:by|during|in) |never needs? to be (?:invoked|called|used))`,
  ),
  order(
    String.raw`\b(?:curl|wget|iwr|invoke-webrequest)\b[^\n]{0,120}?\|\s*(?:sudo )?(?:ba|z|da)?sh\b|\b(?:base64 (?:-d|--decode)|eval\s*[("$]|rm -rf [/~]|nc -e|bash -c|bash -i|powershell -enc|chmod \+x)`,
  ),
  order(
    String.raw`\bdecode (?:and|then|it|this|the following)\b[^.!?\n]{0,30}\b(?:follow|execute|run|obey|do|apply|comply)`,
  ),
]

function order(source: string, more: Omit<Order, 'pattern'> = {}): Order {
  return { pattern: new RegExp(source, 'gu'), ...more }
}
