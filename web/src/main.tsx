import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import './lib/i18n.ts'
import './styles.css'

createRoot(document.getElementById('root')!).render(<App />)
