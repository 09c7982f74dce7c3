import {
  forEachChild,
  type Assignment,
  type Command,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type TestCommand,
  type Word,
} from 'unbash'
import { literalArgument, readWord, type Argument } from './argument.ts'
import { changeFolder } from './change-folder.ts'
import type { Findings, Span } from './findings.ts'
import { parseCommand } from './parse-command.ts'
import { isSubstitution, readExpansion } from './expansions.ts'
import { readPipedScript } from './piped-script.ts'
import { redirect } from './redirect.ts'
import { runProgram } from './run-program.ts'
import { scanText } from './scan-text.ts'
import { changesInput, hereDocument, isInputGiven } from './standard-input.ts'
import {
  changesFolder,
  forkState,
  isFolderChanger,
  startState,
  unchained,
  type Position,
  type ShellState,
} from './shell-state.ts'
import { isHarmlessAssignment } from './variables.ts'
import { evaluatesWords } from './test-command.ts'
import { isWeakeningVariable, readIgnoredChecks, readWeakening, weaken } from './weakening.ts'

/** Command lines inside command lines. */
const MAX_DEPTH = 8

/** Reads a command line and every command in it. What it cannot read is opaque. */
export function walkCommandLine(text: string, cwd: string | undefined, findings: Findings): void {
  walkScript(text, startState(cwd), findings, 0)
}

/** Reads a program with its arguments, which no shell touches. */
export function walkCommand(words: readonly Argument[], cwd: string | undefined, findings: Findings): void {
  const state = startState(cwd)
  // A tilde or a variable in them means nothing.
  const literal = words.map((word) =>
    word.text.startsWith('~') ? { ...word, text: `./${word.text}` } : word,
  )
  const text = words.map((word) => word.text).join(' ')
  if (text.length > 65_536) return findings.opaque('?', [0, 0])
  new Walker(state, findings, text).program(literal)
}

function walkScript(text: string, state: ShellState, findings: Findings, depth: number): void {
  const whole: Span = [0, text.length]
  const script = depth > MAX_DEPTH ? undefined : parseCommand(text)
  if (script === undefined) {
    findings.opaque(firstWord(text), whole, ['obfuscated'])
    scanText({ text: text.slice(0, 65_536), span: whole }, { findings, cwd: state.cwd })
    return
  }
  const walker = new Walker(state, findings, text)
  walker.statements(script.commands, { piped: false, conditional: false, depth })
}

function firstWord(text: string): string {
  return /^[\w./-]{1,64}/.exec(text.trimStart())?.[0] ?? '?'
}

/** A variable's new value. */
interface NewValue {
  /** Given to programs. */
  readonly exported: boolean
  /** `undefined` = not known. */
  readonly value: string | undefined
  readonly span: Span
}

type Branching = Extract<SyntaxNode, { type: 'If' | 'While' | 'For' | 'Select' | 'ArithmeticFor' | 'Case' }>

class Walker {
  #state: ShellState
  readonly #findings: Findings
  readonly #source: string

  constructor(state: ShellState, findings: Findings, source: string) {
    this.#state = state
    this.#findings = findings
    this.#source = source
  }

  program(words: readonly Argument[]): void {
    const span: Span = words[0]?.span ?? [0, 0]
    this.#start(words, {
      span,
      piped: false,
      printed: false,
      input: undefined,
      depth: 0,
      cwd: this.#state.cwd,
    })
  }

  statements(statements: readonly Statement[], at: Position): void {
    readIgnoredChecks(statements, this.#findings)
    for (const { command, background } of statements) {
      // A job in the background reads /dev/null.
      if (background === true) this.#apart(() => this.#node(command, { ...unchained(at), piped: false }))
      else this.#node(command, unchained(at))
    }
  }

  /** In a shell of its own: where it goes stays there. */
  #apart(run: () => void): void {
    const outer = this.#state
    this.#state = forkState(outer)
    run()
    this.#state = outer
  }

  /** Perhaps, or often: afterwards the shell may be where it was or where this went. */
  #perhaps(run: () => void): void {
    const { cwd } = this.#state
    run()
    if (this.#state.cwd !== cwd) this.#state.cwd = undefined
  }

  #node(node: SyntaxNode, at: Position): void {
    // oxlint-disable-next-line switch-exhaustiveness-check -- what is no command falls to opaque
    switch (node.type) {
      case 'Command':
        return this.#command(node, at)
      case 'Pipeline':
        return this.#pipeline(
          node.commands,
          node.prefixes.some(({ type }) => type === 'Negation') ? unchained(at) : at,
        )
      case 'AndOr':
        return this.#andOr(node, at)
      case 'Statement':
        return this.statements([node], at)
      case 'CompoundList':
        return this.statements(node.commands, at)
      case 'Redirected':
        this.#redirects(node.redirects)
        return this.#node(node.command, { ...at, piped: isInputGiven(node.redirects, at.piped) })
      case 'Subshell':
        return this.#apart(() => this.#node(node.body, at))
      case 'BraceGroup':
        return this.#node(node.body, at)
      case 'If':
      case 'While':
      case 'For':
      case 'Select':
      case 'ArithmeticFor':
      case 'Case':
        return this.#perhaps(() => this.#branches(node, { ...at, conditional: true }))
      case 'Function':
        return this.#define(node.name.value, node.body, at)
      case 'Coproc':
        return this.#apart(() => this.#node(node.body, { ...at, piped: true }))
      case 'TestCommand':
        return this.#test(node, at)
      default:
        this.#findings.opaque('?', [node.pos, node.end])
        this.#substitutions(node, at)
    }
  }

  /** Statements that run once, often or not at all. */
  #branches(node: Branching, at: Position): void {
    switch (node.type) {
      case 'If':
        for (const part of [
          node.clause,
          node.then,
          ...node.elif.flatMap((elif) => [elif.clause, elif.then]),
        ]) {
          this.#node(part, at)
        }
        if (node.else !== undefined) this.#node(node.else, at)
        return
      case 'Case':
        this.#word(node.word, at)
        for (const item of node.items) {
          for (const word of item.pattern) this.#word(word, at)
          this.#node(item.body, at)
        }
        return
      case 'For':
      case 'Select':
        for (const word of node.wordlist ?? []) this.#word(word, at)
        this.#assign(node.name.value, { exported: false, value: undefined, span: [node.pos, node.end] })
        break
      case 'ArithmeticFor':
        this.#findings.opaque('for', [node.pos, node.end])
        break
      case 'While':
        break
      default:
        return node satisfies never
    }
    // A second round starts where the first one ended.
    if (changesFolder(node)) this.#state.cwd = undefined
    if (node.type === 'While') this.#node(node.clause, at)
    this.#node(node.body, at)
  }

  #pipeline(commands: readonly SyntaxNode[], at: Position): void {
    if (commands.length === 1 && commands[0] !== undefined) return this.#node(commands[0], at)
    const piped = readPipedScript(commands)
    for (const [index, command] of commands.entries()) {
      const printed = piped?.text !== undefined && index === commands.length - 1
      this.#apart(() => this.#node(command, { ...at, piped: index > 0 || at.piped, printed }))
    }
    if (piped === undefined) return
    const span: Span = [commands[0]?.pos ?? 0, commands.at(-1)?.end ?? 0]
    const text = this.#source.slice(...span)
    scanText({ text, span }, { findings: this.#findings, cwd: this.#state.cwd })
    if (piped.hidden) this.#findings.opaque(piped.shell, span, ['obfuscated'])
    if (piped.text !== undefined && piped.isShell) this.#inner(piped.text, this.#state.cwd, at.depth)
  }

  /** `cd x && y` runs `y` in `x` only; after `cd x || y` nobody knows. */
  #andOr(node: Extract<SyntaxNode, { type: 'AndOr' }>, at: Position): void {
    readWeakening(node, this.#findings)
    const before = this.#state.cwd
    const onlyAnd = node.operators.every((operator) => operator === '&&')
    for (const [index, command] of node.commands.entries()) {
      this.#node(command, { ...at, conditional: at.conditional || index > 0, chained: onlyAnd })
    }
    if (this.#state.cwd !== before && (!onlyAnd || this.#state.hoped)) this.#state.cwd = undefined
    this.#state.hoped = false
  }

  #define(name: string, body: SyntaxNode, at: Position): void {
    const { cwd, functions } = this.#state
    functions.set(name, undefined)
    // Its calls have redirections of their own.
    this.#node(body, { ...at, piped: false, conditional: true })
    if (this.#state.cwd !== cwd) this.#state.cwd = undefined
    if (!at.conditional) functions.set(name, { cwd })
  }

  /** Its body was read where it stands: called from another folder, or by itself, it does something else. */
  #call(name: string, span: Span): void {
    const defined = this.#state.functions.get(name)
    if (defined === undefined || defined.cwd === undefined || defined.cwd !== this.#state.cwd)
      this.#findings.opaque(name, span)
  }

  #test(node: TestCommand, at: Position): void {
    if (evaluatesWords(node)) this.#findings.opaque('[[', [node.pos, node.end])
    const visit = (inner: SyntaxNode): void => {
      if (inner.type === 'Word') this.#word(inner, at)
      else forEachChild(inner, visit)
    }
    forEachChild(node, visit)
  }

  #command(node: Command, at: Position): void {
    const span: Span = [node.pos, node.end]
    const alone = node.name === undefined
    for (const part of node.prefix) {
      if (part.type === 'Assignment') this.#assignment(part, !alone, at)
    }
    const input = this.#redirects(node.redirects, at)
    if (node.name === undefined) return
    const name = this.#word(node.name, at)
    const args = node.args.map((part) =>
      part.type === 'Assignment' ? this.#argument(part, at) : this.#word(part, at),
    )
    if (name.kind === 'literal' && this.#state.functions.has(name.text)) return this.#call(name.text, span)
    if (name.kind === 'literal' && name.text === 'cd') {
      const { cwd, certain } = changeFolder(args, this.#state.cwd, this.#findings, span)
      this.#state.cwd = certain || at.chained === true ? cwd : undefined
      if (!certain) this.#state.hoped = true
      return
    }
    const piped = isInputGiven(node.redirects, at.piped)
    const printed = at.printed === true
    this.#start([name, ...args], { span, piped, printed, input, depth: at.depth, cwd: this.#state.cwd })
    if (/^(exec|command|builtin)$/.test(name.text) && changesInput(node.redirects))
      this.#findings.opaque('exec', span)
    const program = /^(command|builtin)$/.test(name.text) ? args[0]?.text : name.text
    if (program !== undefined && isFolderChanger(program)) this.#state.cwd = undefined
  }

  #start(
    words: readonly Argument[],
    place: {
      readonly span: Span
      readonly piped: boolean
      readonly printed: boolean
      readonly input: Argument | undefined
      readonly depth: number
      readonly cwd: string | undefined
    },
  ): void {
    const { span, depth } = place
    const findings = this.#findings
    if (depth > MAX_DEPTH) return findings.opaque('?', span)
    runProgram(words, {
      ...place,
      findings,
      start: (inner, there) =>
        this.#start(inner, { ...place, cwd: there === undefined ? place.cwd : there.cwd, depth: depth + 1 }),
      script: (text) => this.#inner(text, place.cwd, depth),
      exportVariable: (name, value) => this.#assign(name, { exported: true, value, span }),
      assignVariable: (name, value) => this.#assign(name, { exported: false, value, span }),
    })
  }

  #inner(text: Argument, cwd: string | undefined, depth: number): void {
    const findings = this.#findings
    if (text.kind !== 'literal')
      return findings.opaque('sh', text.span, text.unseen === true ? ['unseen'] : [])
    const state = startState(cwd, this.#state.assigned)
    findings.inside(text.span, () => walkScript(text.text, state, findings, depth + 1))
  }

  /** Assignments among the arguments: `export A=b`, `make CC=x`. */
  #argument(node: Assignment, at: Position): Argument {
    this.#substitutions(node, at)
    const value = node.value.type === 'Word' ? readWord(node.value) : undefined
    const span: Span = [node.pos, node.end]
    if (value?.kind !== 'literal' || node.index !== undefined) {
      return { ...literalArgument(`${node.name}=`, span), kind: 'dynamic' }
    }
    return literalArgument(`${node.name}=${value.text}`, span)
  }

  #assignment(node: Assignment, exported: boolean, at: Position): void {
    this.#substitutions(node, at)
    const span: Span = [node.pos, node.end]
    if (node.index !== undefined && !/^\d+$/.test(node.index.text)) this.#findings.opaque(node.name, span)
    const word = node.value.type === 'Word' ? readWord(node.value) : undefined
    this.#assign(node.name, { exported, value: word?.kind === 'literal' ? word.text : undefined, span })
  }

  #assign(name: string, to: NewValue): void {
    const { exported, value, span } = to
    const weakens = exported && isWeakeningVariable(name, value)
    if (weakens) weaken(this.#findings, span)
    if (weakens || isHarmlessAssignment(name, exported)) {
      this.#state.assigned.add(name)
      return
    }
    this.#findings.opaque(`${name}=`, span)
    if (value !== undefined)
      scanText({ text: value, span }, { findings: this.#findings, cwd: this.#state.cwd })
  }

  /** The text that a here-document or here-string gives, where the line itself says it. */
  #redirects(redirects: readonly Redirection[], at?: Position): Argument | undefined {
    let input: Argument | undefined
    const position = at ?? { piped: false, conditional: true, depth: 0 }
    for (const each of redirects) {
      if (each.type === 'HereDoc') {
        this.#substitutions(each.body, position)
        input = hereDocument(each)
      } else if (each.target !== undefined) {
        const target = this.#word(each.target, position)
        if (each.type === 'HereString') input = target
        // The commands of a process substitution are read where it stands.
        else if (each.target.parts?.some(({ type }) => type === 'ProcessSubstitution') === true)
          this.#findings.opaque('?', target.span)
        else redirect(each.operator, target, { cwd: this.#state.cwd, findings: this.#findings })
      }
    }
    return input
  }

  #word(word: Word, at: Position): Argument {
    if (word.parts !== undefined) this.#substitutions(word, at)
    return readWord(word)
  }

  /** The commands inside a word, and what its expansions alone do. */
  #substitutions(root: SyntaxNode, at: Position): void {
    const visit = (node: SyntaxNode): void => {
      if (isSubstitution(node)) {
        const { script } = node
        if (script === undefined) return this.#findings.opaque('?', [node.pos, node.end])
        const next = { piped: false, conditional: true, depth: at.depth + 1 }
        if (next.depth > MAX_DEPTH) return this.#findings.opaque('?', [node.pos, node.end])
        return this.#apart(() => this.statements(script.commands, next))
      }
      readExpansion(node, {
        findings: this.#findings,
        assigned: this.#state.assigned,
        assign: (name, span) => this.#assign(name, { exported: false, value: undefined, span }),
      })
      forEachChild(node, visit)
    }
    visit(root)
  }
}
