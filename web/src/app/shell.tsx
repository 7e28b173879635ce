import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { Boundary } from '../components/ui/boundary.tsx'
import { Loading } from '../components/ui/loading.tsx'
import { useKeys } from '../lib/keys.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { BottomBar } from './navigation/bottom-bar.tsx'
import { SideBar } from './navigation/side-bar.tsx'
import { ALL_PAGES } from './pages.ts'
import { Palette } from './palette/palette.tsx'
import { Preferences } from './preferences.tsx'
import { SignedOut } from './signed-out.tsx'
import { SystemNotices } from './system-notices.tsx'
import { useHealth } from './use-health.ts'

export type Opened = 'palette' | 'keys' | 'preferences' | undefined

export function Shell() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const [opened, open] = useState<Opened>()
  const { isSignedOut, troubled } = useHealth()
  useShellKeys(open)
  const close = () => open(undefined)
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-3">
        {t('nav.skip')}
      </a>
      <SideBar onOpen={open} />
      <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col overflow-auto outline-none">
        {isSignedOut ? (
          <SignedOut />
        ) : (
          <>
            <ConnectionBar />
            <SystemNotices troubled={troubled} />
            <Boundary key={pathname}>
              <Suspense fallback={<Loading />}>
                <Outlet />
              </Suspense>
            </Boundary>
          </>
        )}
      </main>
      <BottomBar onMore={() => open('palette')} />
      {opened === 'palette' && <Palette onClose={close} onOpen={open} />}
      {opened === 'keys' && <KeysDialog onClose={close} />}
      {opened === 'preferences' && <Preferences onClose={close} />}
    </div>
  )
}

function useShellKeys(open: (what: Opened) => void): void {
  const { t } = useTranslation()
  const navigate = useNavigate()
  useKeys(t('keys.everywhere'), [
    { keys: 'Mod+k', label: t('palette.title'), run: () => open('palette') },
    { keys: '?', label: t('keys.title'), run: () => open('keys') },
    ...ALL_PAGES.map(({ path, key, name }) => ({
      keys: `g ${key}`,
      label: t('keys.goTo', { page: t(`nav.${name}`) }),
      run: () => void navigate(path),
    })),
  ])
}
