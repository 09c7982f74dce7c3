import { newPageKey, type PageKey, signRequest } from './sign-request.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: { readonly error?: { readonly code: string; readonly message: string } } & Record<
    string,
    unknown
  >
}

/** A browser as logins with a provider see it: cookies by host and not by port, and a key of the page. */
export class TripBrowser {
  readonly #admin: string
  readonly cookies = new Map<string, string>()
  key: PageKey = newPageKey()

  /** @param admin base URL of the admin plane. */
  constructor(admin: string) {
    this.#admin = admin
  }

  /** What the button does. @returns the URL of the provider. */
  async start(provider: string): Promise<URL> {
    this.key = newPageKey()
    const { json, status, text } = await this.post('/login/oidc/start', { provider, key: this.key.jwk })
    if (status !== 200) throw new Error(text)
    return new URL(String(json['url']))
  }

  /** Logs in at the provider. @returns where it sends the browser back to. */
  async agree(url: URL): Promise<URL> {
    let at = url
    for (let hops = 0; hops < 8; hops += 1) {
      if (at.href.startsWith(this.#admin)) return at
      const answer = await this.get(at)
      const next = answer.headers.get('location')
      if (next === null) throw new Error(`the provider answers ${answer.status}: ${answer.text}`)
      at = new URL(next, at)
    }
    throw new Error('too many redirects')
  }

  async get(url: URL): Promise<Answer> {
    const headers = { accept: 'text/html', cookie: this.#jar(url) }
    return this.#take(url, await fetch(url, { redirect: 'manual', headers }))
  }

  /** What the page does that a browser is sent to when it came back. */
  finish(): Promise<Answer> {
    return this.post('/login/oidc/finish', { key: this.key.jwk })
  }

  /** All of it. @returns the answer of the last step. */
  async logIn(provider: string): Promise<Answer> {
    const back = await this.get(await this.agree(await this.start(provider)))
    return back.status === 303 ? this.finish() : back
  }

  /** A signed request of one of the pages. */
  async post(path: string, body: object, method = 'POST'): Promise<Answer> {
    const url = new URL(this.#admin + path)
    const text = method === 'GET' ? '' : JSON.stringify(body)
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...signRequest(this.key, { method, url, body: text }),
        origin: url.origin,
        cookie: this.#jar(url),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { body: text }),
    })
    return this.#take(url, answer)
  }

  #jar({ hostname }: URL): string {
    return [...this.cookies]
      .filter(([key]) => key.startsWith(`${hostname} `))
      .map(([key, value]) => `${key.split(' ')[1] ?? ''}=${value}`)
      .join('; ')
  }

  async #take({ hostname }: URL, answer: Response): Promise<Answer> {
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(`${hostname} ${name}`)
      else this.cookies.set(`${hostname} ${name}`, value)
    }
    const text = await answer.text()
    const json = text.startsWith('{') ? (JSON.parse(text) as Answer['json']) : {}
    return { status: answer.status, headers: answer.headers, text, json }
  }
}
