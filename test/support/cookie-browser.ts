import { newPageKey, type PageKey, signRequest } from './sign-request.ts'

interface Cookie {
  readonly host: string
  readonly path: string
  readonly value: string
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Seen {
  readonly status: number
  readonly url: URL
  readonly headers: Headers
  readonly text: string
}

/** What a browser does on the way of an authorization: cookies by host (not port), redirects, forms, refreshes. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Cookie>()
  /** Stops before this place and remembers it, as a client’s own listener would be called. */
  readonly #callback: string
  called: URL | undefined
  #key: PageKey | undefined

  constructor(callback: string) {
    this.#callback = callback
  }

  /** Follows redirects and refreshes, as far as the callback. */
  async go(to: string | URL, init: Sent = {}): Promise<Seen> {
    let url = new URL(to)
    let request: Sent = init
    for (let hops = 0; hops < 10; hops += 1) {
      if (url.href.startsWith(this.#callback)) {
        this.called = url
        return { status: 0, url, headers: new Headers(), text: '' }
      }
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { ...request.headers, accept: 'text/html', cookie: this.#cookieHeader(url) },
      })
      this.#keep(url, response.headers.getSetCookie())
      const text = await response.text()
      const next =
        response.headers.get('location') ?? /http-equiv="refresh" content="0;url=([^"]+)"/.exec(text)?.[1]
      if (next === undefined) return { status: response.status, url, headers: response.headers, text }
      url = new URL(next.replaceAll('&amp;', '&'), url)
      request = {}
    }
    throw new Error(`too many redirects, at ${url.href}`)
  }

  /** Every cookie that it has, wherever it is for. */
  cookies(): string {
    return [...this.#cookies].map(([key, { value }]) => `${key.split('|')[0] ?? ''}=${value}`).join('; ')
  }

  /** What the scripts of the delegation page do: log in with a code, or send the signed form. */
  async submit(
    page: Seen,
    fields: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ): Promise<Seen> {
    const { code = '' } = fields
    if (fields['action'] === 'login') {
      const login = await this.logIn(page, code)
      return login.status === 200 ? this.go(page.url) : login
    }
    const body = new URLSearchParams(fields).toString()
    const type = 'application/x-www-form-urlencoded'
    const sent = await this.send(page.url, { body, headers: { 'content-type': type, ...headers } })
    const next = sent.status === 200 ? (JSON.parse(sent.text) as { next: string }).next : undefined
    return next === undefined ? sent : this.go(new URL(next, page.url))
  }

  logIn(page: Seen, code: string): Promise<Seen> {
    this.#key = newPageKey()
    const base = /name="remit-base" content="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const body = JSON.stringify({ code, key: this.#key.jwk })
    return this.send(new URL(`${base}/login/code`, page.url), {
      body,
      headers: { 'content-type': 'application/json' },
    })
  }

  /** One signed request; a header of the signature can be given instead. */
  async send(url: URL, { method = 'POST', headers, body = '' }: Sent): Promise<Seen> {
    const signature = signRequest((this.#key ??= newPageKey()), { method, url, body })
    return this.go(url, { method, headers: { origin: url.origin, ...signature, ...headers }, body })
  }

  #cookieHeader(url: URL): string {
    return [...this.#cookies]
      .filter(([, { host, path }]) => host === url.hostname && url.pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split('|')[0] ?? ''}=${value}`)
      .join('; ')
  }

  #keep(url: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(/; */)
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/'
      const key = `${name}|${url.hostname}|${path}`
      if (value === '') this.#cookies.delete(key)
      else this.#cookies.set(key, { host: url.hostname, path, value })
    }
  }
}
