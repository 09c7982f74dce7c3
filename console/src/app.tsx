import { Fragment, useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { BASE } from '../../pages/base.js'
import { Link } from './parts/link.tsx'
import { type Me, MeProvider, useFoundMe } from './me.ts'
import type { Place } from './place.ts'
import { usePlace } from './router.ts'
import { Fleet } from './fleet/fleet.tsx'
import { useWrongAgents } from './fleet/use-wrong-agents.ts'
import { Activity } from './screens/activity.tsx'
import { Approvals } from './approvals/approvals.tsx'
import { Audit } from './screens/audit.tsx'
import { Covers } from './screens/covers.tsx'
import { Fatigue } from './screens/fatigue.tsx'
import { Grants } from './screens/grants.tsx'
import { Policies } from './screens/policies.tsx'
import { Review } from './screens/review.tsx'
import { Servers } from './screens/servers.tsx'
import { Session } from './screens/session.tsx'
import { Tasks } from './screens/tasks.tsx'
import { Why } from './screens/why.tsx'
import { Tag } from './parts/notes.tsx'
import { applyTheme, keptTheme, THEMES } from './theme.ts'
import { useOverdue } from './use-overdue.ts'

const SCREENS = {
  approvals: { title: 'Approvals', Show: Approvals },
  grants: { title: 'Grants', Show: Grants },
  covers: { title: 'Deputies', Show: Covers },
  tasks: { title: 'Tasks', Show: Tasks },
  agents: { title: 'Agents', Show: Fleet },
  activity: { title: 'Activity', Show: Activity },
  audit: { title: 'Audit', Show: Audit },
  fatigue: { title: 'Questions', Show: Fatigue },
  review: { title: 'Review', Show: Review },
  servers: { title: 'Servers', Show: Servers },
  policies: { title: 'Policies', Show: Policies },
} as const
/** Where other screens lead to. */
const ASIDE = { why: { title: 'Why', Show: Why }, session: { title: 'Session', Show: Session } } as const

export function App() {
  const place = usePlace()
  const me = useFoundMe()
  const screen = { ...SCREENS, ...ASIDE }[place.screen as keyof typeof SCREENS | keyof typeof ASIDE]
  const title = screen?.title ?? 'No such page'
  const badges: Readonly<Record<string, string>> = {
    ...(useOverdue(reviews(me), place.screen) ? { review: 'overdue' } : {}),
    ...wrongBadge(useWrongAgents(me !== undefined, place.screen)),
  }
  // Where there is little room, the screens are behind a button.
  const [menu, setMenu] = useState(false)
  useEffect(() => {
    document.title = `${title} · Remit`
    setMenu(false)
  }, [title, place.item])
  return (
    <MeProvider value={me}>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="top">
        <b>Remit</b>
        <Button
          className="plain menu"
          aria-expanded={menu}
          aria-controls="screens"
          onPress={() => setMenu(!menu)}
        >
          ☰ {title}
          {Object.entries(badges).map(([name, words]) => (
            <Fragment key={name}>
              {' '}
              <Tag kind="high">
                {name} {words}
              </Tag>
            </Fragment>
          ))}
        </Button>
        <nav id="screens" aria-label="Screens" className={menu ? 'shown' : ''}>
          {shownTo(me).map(([name, { title }]) => (
            <Link key={name} to={{ screen: name }} current={name === place.screen}>
              {title}
              {badges[name] === undefined ? null : (
                <>
                  {' '}
                  <Tag kind="high">{badges[name]}</Tag>
                </>
              )}
            </Link>
          ))}
        </nav>
        <div className="row">
          <ThemeButton />
          <a href={`${BASE}/login`}>
            Account{me === undefined ? null : <span className="whose"> of {me.human}</span>}
          </a>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {screen === undefined ? (
          <h1>No such page</h1>
        ) : (
          <screen.Show key={`${place.screen}?${place.query ?? ''}`} {...itemOf(place)} />
        )}
      </main>
    </MeProvider>
  )
}

/** A screen that is made of one route alone is for whom that route is. */
function shownTo(me: Me | undefined) {
  return Object.entries(SCREENS).filter(([name]) => name !== 'review' || reviews(me))
}

/** @param count of agents with something to mend. */
function wrongBadge(count: number): Readonly<Record<string, string>> {
  return count === 0 ? {} : { agents: `to mend: ${count.toLocaleString()}` }
}

function reviews(me: Me | undefined): boolean {
  return me?.may['GET /review'] !== undefined
}

function itemOf({ item, query }: Place): Omit<Place, 'screen'> {
  return { ...(item === undefined ? {} : { item }), ...(query === undefined ? {} : { query }) }
}

function ThemeButton() {
  const [theme, setTheme] = useState(keptTheme)
  useEffect(() => applyTheme(theme), [theme])
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  return (
    <Button
      className="plain"
      aria-label={`Colours: ${theme}. Change to ${next}`}
      onPress={() => setTheme(next)}
    >
      {{ system: '◐', light: '☀', dark: '☾' }[theme]}
    </Button>
  )
}
