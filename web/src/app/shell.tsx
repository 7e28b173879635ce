import { useTranslation } from 'react-i18next'
import { NavLink, Outlet } from 'react-router'
import { Icon, type IconName } from '../components/ui/icon.tsx'
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx'
import { SignedOut } from './signed-out.tsx'
import { SystemNotices } from './system-notices.tsx'
import { useHealth } from './use-health.ts'

const PAGES: { path: string; icon: IconName; label: 'nav.live' | 'nav.events' | 'nav.cameras' }[] = [
  { path: '/live', icon: 'grid', label: 'nav.live' },
  { path: '/events', icon: 'list', label: 'nav.events' },
  { path: '/cameras', icon: 'camera', label: 'nav.cameras' },
]

export function Shell() {
  const { t } = useTranslation()
  const { isSignedOut, isServerGone, troubled } = useHealth()
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-3">
        {t('nav.skip')}
      </a>
      <header className="flex shrink-0 items-center gap-1 border-line border-b bg-surface px-3 py-2 md:w-52 md:flex-col md:items-stretch md:border-r md:border-b-0 md:p-3">
        <div className="mr-2 flex items-center gap-2 md:mr-0 md:mb-4 md:px-2 md:pt-1">
          <img src="/favicon.svg" alt="" className="size-6 shrink-0" />
          <span className="hidden font-semibold tracking-tight sm:inline">Sentinel</span>
        </div>
        <nav aria-label={t('nav.main')} className="flex flex-1 gap-1 md:flex-col">
          {PAGES.map(({ path, icon, label }) => (
            <NavLink
              key={path}
              to={path}
              className={({ isActive }) =>
                `flex items-center gap-2.5 rounded-md px-2 py-1.5 transition-colors ${
                  isActive ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-canvas hover:text-text'
                }`
              }
            >
              <Icon name={icon} />
              <span>{t(label)}</span>
            </NavLink>
          ))}
        </nav>
        <div className="flex gap-1 md:border-line md:border-t md:pt-2">
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
      </header>
      <main id="content" className="flex min-h-0 min-w-0 flex-1 flex-col overflow-auto">
        {isSignedOut ? (
          <SignedOut />
        ) : (
          <>
            <SystemNotices isServerGone={isServerGone} troubled={troubled} />
            <Outlet />
          </>
        )}
      </main>
    </div>
  )
}
