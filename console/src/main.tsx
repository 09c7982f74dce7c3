import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './theme.css'
import './style.css'
import './top.css'
import './dialogs.css'
import './tables.css'
import './delegations.css'

const place = document.getElementById('console')
if (place !== null) createRoot(place).render(<App />)
