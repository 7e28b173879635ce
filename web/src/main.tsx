import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { applyTheme } from './app/theme.ts'
import './lib/i18n.ts'
import './styles.css'

applyTheme()
createRoot(document.getElementById('root')!).render(<App />)
