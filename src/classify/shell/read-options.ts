import { couldBeOption, type Argument } from './argument.ts'
import type { ProgramSpec, Role } from './spec.ts'

export interface ReadArgument {
  readonly argument: Argument
  readonly role: Role
}

export interface ReadOptions {
  /** Names of the options that were given, dashes left out. */
  readonly given: ReadonlySet<string>
  readonly values: readonly (ReadArgument & { readonly option: string })[]
  readonly positional: readonly Argument[]
  /** False = an option that is not listed, or one that nobody can see before the command runs. */
  readonly understood: boolean
}

interface CompiledSpec {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, Role>
  /** Only ever written with `=`. */
  readonly attached: ReadonlySet<string>
}

const compiled = new WeakMap<ProgramSpec, CompiledSpec>()

function compile(spec: ProgramSpec): CompiledSpec {
  const known = compiled.get(spec)
  if (known !== undefined) return known
  const values = new Map<string, Role>()
  const attached = new Set<string>()
  for (const [role, names] of Object.entries(spec.values ?? {}) as [Role, string][]) {
    for (const written of names.split(' ')) {
      const name = written.endsWith('?') ? written.slice(0, -1) : written
      values.set(name, role)
      if (written.endsWith('?')) attached.add(name)
    }
  }
  const flags = new Set([...(spec.flags ?? '').split(''), ...(spec.long ?? '').split(' ')])
  const made = { flags, values, attached }
  compiled.set(spec, made)
  return made
}

/** Sorts the arguments of a program into options, their values and the rest; POSIX and GNU conventions. */
export function readOptions(spec: ProgramSpec, args: readonly Argument[]): ReadOptions {
  return new OptionReader(spec, args).read()
}

class OptionReader {
  readonly #spec: ProgramSpec
  readonly #names: CompiledSpec
  readonly #args: readonly Argument[]
  #at = 0
  readonly #given = new Set<string>()
  readonly #values: (ReadArgument & { readonly option: string })[] = []
  readonly #positional: Argument[] = []
  #understood = true

  constructor(spec: ProgramSpec, args: readonly Argument[]) {
    this.#spec = spec
    this.#names = compile(spec)
    this.#args = args
  }

  read(): ReadOptions {
    for (; this.#at < this.#args.length; this.#at += 1) {
      const argument = this.#args[this.#at]
      if (argument === undefined) break
      if (argument.text === '--' && argument.kind === 'literal') {
        this.#positional.push(...this.#args.slice(this.#at + 1))
        break
      }
      if (couldBeOption(argument)) this.#dynamic(argument)
      else if (argument.text.startsWith('-') && argument.text !== '-') this.#option(argument)
      else this.#positional.push(argument)
      if (this.#spec.leading === true && this.#positional.length > 0) {
        this.#positional.push(...this.#args.slice(this.#at + 1))
        break
      }
    }
    return {
      given: this.#given,
      values: this.#values,
      positional: this.#positional,
      understood: this.#understood,
    }
  }

  /** A glob can only become names; one that begins with a star could still find a file called `-rf`. */
  #dynamic(argument: Argument): void {
    if (argument.kind === 'dynamic' && this.#spec.inert !== true) this.#understood = false
    this.#positional.push(argument)
  }

  #option(argument: Argument): void {
    const { text } = argument
    if (this.#spec.inert === true) {
      this.#positional.push(argument)
      return
    }
    if (this.#spec.numbers === true && /^-\d+$/.test(text)) return
    if (text.startsWith('--') || this.#spec.oneDash === true) {
      this.#long(argument, text.replace(/^--?/, ''))
    } else this.#short(argument)
  }

  #long(argument: Argument, text: string): void {
    const equals = text.indexOf('=')
    const name = equals === -1 ? text : text.slice(0, equals)
    // One letter after two dashes is an abbreviation.
    if (name.length < 2 && this.#spec.oneDash !== true) this.#understood = false
    const role = this.#names.values.get(name)
    if (equals !== -1 && role !== undefined && argument.kind !== 'glob') {
      this.#value(name, role, { ...argument, text: text.slice(equals + 1) })
    } else if (argument.kind !== 'literal' || equals !== -1) this.#understood = false
    else if (this.#names.attached.has(name) || this.#names.flags.has(name)) this.#given.add(name)
    else if (role !== undefined) this.#next(name, role)
    else this.#understood = false
  }

  #short(argument: Argument): void {
    const { text } = argument
    for (let at = 1; at < text.length; at += 1) {
      const letter = text[at] ?? ''
      const role = this.#names.values.get(letter)
      if (role !== undefined) {
        const rest = text.slice(at + 1)
        if (this.#names.attached.has(letter) && rest === '' && argument.kind === 'literal')
          this.#given.add(letter)
        else if (rest !== '' || argument.kind !== 'literal')
          this.#value(letter, role, { ...argument, text: rest })
        else this.#next(letter, role)
        return
      }
      if (!this.#names.flags.has(letter)) {
        this.#understood = false
        return
      }
      this.#given.add(letter)
    }
    if (argument.kind !== 'literal') this.#understood = false
  }

  #next(name: string, role: Role): void {
    this.#at += 1
    const value = this.#args[this.#at]
    if (value === undefined || value.splits) this.#understood = false
    if (value !== undefined) this.#value(name, role, value)
  }

  #value(option: string, role: Role, argument: Argument): void {
    this.#given.add(option)
    if (role === 'no') this.#understood = false
    this.#values.push({ option, role, argument })
  }
}
