import { applyRole, applySpec } from '../apply-spec.ts'
import { literalArgument, unknownArguments, type Argument } from '../argument.ts'
import type { CommandSite, ProgramReader } from '../command-site.ts'
import { mergeInto } from './copies.ts'
import { sayForgeRequests } from './forges/forge-requests.ts'
import { readOptions, type ReadOptions } from '../read-options.ts'
import type { ProgramSpec, ProgramTable } from '../spec.ts'

const CURL: ProgramSpec = {
  flags: 'fgGiIjklLnNpRsSvZ0123456aBOJ#',
  long: 'fail fail-with-body silent show-error location insecure head include verbose compressed get globoff remote-name remote-header-name http1.0 http1.1 http2 http2-prior-knowledge tlsv1.2 tlsv1.3 ipv4 ipv6 create-dirs no-progress-meter progress-bar path-as-is no-buffer retry-all-errors retry-connrefused ssl-reqd parallel append',
  values: {
    plain:
      'A e H m r u w X y Y z b user-agent cookie referer header max-time range user request write-out connect-timeout retry retry-delay retry-max-time max-redirs limit-rate proto proto-default proto-redir oauth2-bearer max-filesize speed-limit speed-time d F data data-raw data-binary data-urlencode data-ascii form form-string json url-query',
    write: 'o output c cookie-jar D dump-header trace trace-ascii stderr',
    folder: 'output-dir',
    read: 'T upload-file cacert cert E key netrc-file',
    fetch: 'url',
    no: 'K config x proxy preproxy socks5 socks5-hostname socks4 socks4a resolve connect-to unix-socket abstract-unix-socket interface dns-servers doh-url engine telnet-option Q quote postquote',
  },
  rest: 'fetch',
}

const WGET: ProgramSpec = {
  flags: 'qvcNSrkpmlHxndbF',
  long: 'quiet no-verbose continue timestamping server-response spider recursive mirror page-requisites convert-links no-parent no-check-certificate no-clobber content-disposition https-only show-progress no-host-directories adjust-extension',
  values: {
    plain:
      't T w l A R D U tries timeout wait level accept reject domains user-agent header post-data body-data method limit-rate max-redirect cut-dirs user password quota progress',
    write: 'O o a output-document output-file append-output',
    folder: 'P directory-prefix',
    read: 'post-file body-file i input-file load-cookies ca-certificate certificate private-key',
    no: 'use-askpass config save-cookies execute',
  },
  rest: 'fetch',
}

const BODIES = /^(d|F|T|data.*|form.*|json|upload-file|post-(data|file)|body-(data|file))$/

/** `curl`, `wget`, HTTPie: a request, perhaps with a body, perhaps into a file. */
function request(spec: ProgramSpec): ProgramReader {
  return (site) => {
    const read = readOptions(spec, site.args)
    let clear = read.understood
    for (const { role, argument, option } of read.values) {
      if (role === 'fetch') continue
      if (!applyRole(role, argument, site)) clear = false
      if (BODIES.test(option)) sendsFiles(argument, option, site)
      // Files may stand where a header or a cookie does.
      if (/^(H|header|b|cookie|w|write-out)$/.test(option) && argument.text.startsWith('@'))
        sendsFiles(argument, 'd', site)
    }
    const writesTo = read.values.some(({ option }) => /^(T|upload-file)$/.test(option))
    const urls = [
      ...read.positional,
      ...read.values.filter(({ role }) => role === 'fetch').map((value) => value.argument),
    ]
    const action = writesTo ? 'net.send' : methodOf(read)
    for (const url of urls) if (!fetchUrl(url, action, site)) clear = false
    sayForgeRequests(urls, read, site)
    // A file holds the addresses.
    if (urls.length === 0) site.findings.host(unknownArguments(site.span), action)
    if (
      read.values.some(
        ({ option, argument }) => /^(w|write-out)$/.test(option) && /%output\{/.test(argument.text),
      )
    )
      clear = false
    if (read.given.has('O') || read.given.has('remote-name') || spec === WGET) saves(urls, read, site)
    return clear && urls.length > 0
  }
}

function methodOf({ values, given }: ReadOptions): 'net.fetch' | 'net.send' {
  const said = values.find(({ option }) => /^(X|request|method)$/.test(option))?.argument.text.toUpperCase()
  if (said !== undefined && !/^(GET|HEAD|OPTIONS)$/.test(said)) return 'net.send'
  const body = values.some(({ option }) => BODIES.test(option))
  return body && !given.has('G') && !given.has('get') ? 'net.send' : 'net.fetch'
}

function fetchUrl(url: Argument, action: 'net.fetch' | 'net.send', site: CommandSite): boolean {
  const { findings, cwd } = site
  if (url.kind === 'literal' && /^file:/i.test(url.text)) {
    findings.path(url, action === 'net.send' ? ['file.read', 'file.write'] : ['file.read'], { cwd })
    return true
  }
  // curl expands braces and brackets by itself.
  const plain = url.kind === 'literal' && !/[{}[\]]/.test(url.text.replace(/^[a-z]+:\/\/\[[\da-f:.]+\]/i, ''))
  findings.host(plain ? url : { ...url, kind: 'dynamic' }, action)
  return (
    plain &&
    /^([a-z][a-z0-9+.-]*:\/\/)?[^-]/i.test(url.text) &&
    /^(https?:\/\/|[^:]*$|[^:/]+:\d)/i.test(url.text)
  )
}

/** `-d @file`, `-F name=@file`, `-F name=<file`, `--data-urlencode name@file`. */
function sendsFiles(argument: Argument, option: string, { findings, cwd }: CommandSite): void {
  const { text, kind } = argument
  if (option === 'data-raw' || option === 'form-string' || kind === 'dynamic') return
  const file = /^(?:[^=@]*=)?[@<]"?([^;"]+)/.exec(text)?.[1] ?? /^[^=@]+@(.+)/.exec(text)?.[1]
  if (file === undefined || file === '-' || (option === 'd' && !text.startsWith('@'))) return
  findings.path(literalArgument(file, argument.span), ['file.read'], { cwd })
}

function saves(
  urls: readonly Argument[],
  { given, values }: ReadOptions,
  { findings, cwd }: CommandSite,
): void {
  if (given.has('O') && values.some(({ option, argument }) => option === 'O' && argument.text === '-')) return
  if (values.some(({ option }) => /^(o|O|output|output-document)$/.test(option))) return
  if (given.has('spider')) return
  for (const url of urls) {
    const name = /\/([^/?#]+)([?#].*)?$/.exec(url.text.replace(/^[a-z]+:\/\//i, ''))?.[1] ?? 'index.html'
    findings.path(literalArgument(`./${name}`, url.span), ['file.write'], { cwd })
  }
}

const SSH: ProgramSpec = {
  flags: '46AaCfGgKkNnqsTtVvXxYy',
  values: { plain: 'b B c e l m p Q', read: 'i', no: 'F o D E I J L O R S W w' },
  leading: true,
  rest: 'plain',
}

/** Runs something on another machine: what it does there nobody here can say. */
export const ssh: ProgramReader = (site) => {
  const { positional, values } = readOptions(SSH, site.args)
  for (const { role, argument } of values) applyRole(role, argument, site)
  const [host] = positional
  if (host !== undefined) site.findings.host(host, 'net.connect')
  return false
}

/** `scp`, `rsync`, `sftp`: files to or from another machine. */
export function transfer(spec: ProgramSpec): ProgramReader {
  return (site) => {
    const { positional, values, understood } = readOptions(spec, site.args)
    let clear = understood
    for (const { role, argument } of values) if (!applyRole(role, argument, site)) clear = false
    for (const [at, place] of positional.entries()) {
      const last = at === positional.length - 1
      const remote = /^(?:(?:rsync|sftp|scp):\/\/)?([^/:]+):/.exec(place.text)
      if (place.kind === 'literal' && remote !== null) {
        const host = { ...place, text: remote[1] ?? '' }
        site.findings.host(host, last ? 'net.send' : 'net.fetch')
      } else if (!applyRole(last ? 'write' : 'tree', place, site)) clear = false
    }
    // A slash at the end means what is in the folder.
    const target = positional.at(-1)
    const merged = positional
      .slice(0, -1)
      .filter(({ text, kind }) => kind === 'literal' && /(^|\/)\.?$/.test(text))
    if (target !== undefined && !target.text.includes(':')) {
      for (const source of merged) if (!mergeInto(source.text, target, site)) clear = false
    }
    return clear && positional.length > 1
  }
}

export const SCP: ProgramSpec = {
  flags: '346BCpqrTvO',
  values: { plain: 'c l P', read: 'i', no: 'F o S J D X' },
  rest: 'plain',
}
export const RSYNC: ProgramSpec = {
  flags: 'avzrlptgoDHAXnuiPhSxcqRmW',
  long: 'archive verbose compress recursive dry-run update progress partial human-readable stats checksum quiet itemize-changes no-perms no-owner no-group copy-links links times prune-empty-dirs ignore-existing',
  values: {
    plain: 'exclude include filter max-size min-size bwlimit timeout info port',
    read: 'exclude-from include-from files-from',
    no: 'e rsh rsync-path f',
  },
  rest: 'plain',
}

export const curl: ProgramReader = request(CURL)
export const wget: ProgramReader = request(WGET)

const ASKS = /^(--?version|--?help|-h|-V|version)$/

/** Connects to what its arguments name; what it sends, or who listens, is not told. */
export function connects(spec: ProgramSpec): ProgramReader {
  return (site) => {
    const { positional, values } = readOptions(spec, site.args)
    for (const { role, argument } of values) applyRole(role, argument, site)
    const hosts = positional.filter(({ text }) => !/^[+@]|^\d+$|^[A-Z]+$/.test(text)).slice(0, 3)
    if (hosts.length === 0 && !ASKS.test(site.args[0]?.text ?? ''))
      site.findings.host(unknownArguments(site.span), 'net.connect')
    for (const host of hosts) {
      site.findings.host({ ...host, text: host.text.replace(/^@/, '') }, 'net.connect')
    }
    return false
  }
}

/** `openssl`: only some of its commands reach out; what the others read and write, their options name. */
export const openssl: ProgramReader = (site) => {
  const [command, ...args] = site.args
  if (/^(s_client|s_server|s_time|ocsp|cmp|tsget)$/.test(command?.text ?? ''))
    return connects({ rest: 'connect' })({ ...site, args })
  return (
    /^(rand|version|dgst|ciphers|list)$/.test(command?.text ?? '') && applySpec(OPENSSL, { ...site, args })
  )
}

const OPENSSL: ProgramSpec = {
  flags: 'vap',
  long: 'hex base64 sha256 sha512 sha1 md5 r binary v',
  values: { write: 'out' },
  oneDash: true,
  rest: 'read',
}

/** Names that are looked up leave the machine in the question itself. */
export const LOOKUPS: ProgramTable = {
  ping: { flags: '46abfnqv', values: { plain: 'c i t W w s I' }, rest: 'connect' },
  nslookup: { values: { plain: 'type query' }, oneDash: true, rest: 'connect' },
  dig: { flags: '46rxv', values: { plain: 'p t c b q', no: 'f k y' }, rest: 'connect', plus: true },
  host: { flags: '46aCdlrsTvw', values: { plain: 't W R N c' }, rest: 'connect' },
  whois: { values: { plain: 'p', connect: 'h' }, rest: 'connect' },
  traceroute: { flags: '46nI', values: { plain: 'm w q p' }, rest: 'connect' },
}
