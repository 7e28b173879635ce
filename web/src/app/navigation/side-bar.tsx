import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { Icon } from '../../components/ui/icon.tsx'
import { Keys } from '../../components/ui/key.tsx'
import { PAGES } from '../pages.ts'
import type { Opened } from '../shell.tsx'
import { ConnectionDot } from './connection-dot.tsx'

/** Names beside their signs where there is room, signs alone on a tablet; a phone has the bar at the bottom. */
export function SideBar({ onOpen }: { readonly onOpen: (what: Opened) => void }) {
  const { t } = useTranslation()
  return (
    <header className="hidden w-14 shrink-0 flex-col border-line border-r bg-surface p-2 md:flex lg:w-56 lg:p-3 [[data-wall]_&]:hidden">
      <div className="mb-3 flex items-center gap-2.5 px-1.5 pt-1">
        <img src="/favicon.svg" alt="" className="size-6 shrink-0" />
        <span className="hidden font-semibold text-[0.9375rem] tracking-tight lg:inline">Sentinel</span>
      </div>
      <button
        type="button"
        onClick={() => onOpen('palette')}
        className="mb-4 flex min-h-8 items-center gap-2 rounded-md border border-line bg-canvas px-2 text-muted transition-colors hover:text-text"
      >
        <Icon name="search" />
        <span className="sr-only flex-1 text-left lg:not-sr-only">{t('palette.short')}</span>
        <span aria-hidden="true" className="hidden lg:inline">
          <Keys keys="Mod+k" />
        </span>
      </button>
      <nav aria-label={t('nav.main')} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto">
        {PAGES.map(({ group, pages }) => (
          <div key={group} className="flex flex-col gap-0.5">
            <p className="mb-1 hidden px-2 font-medium text-[0.6875rem] text-muted lg:block">
              {t(`nav.group.${group}`)}
            </p>
            {pages.map(({ path, name, icon }) => (
              <SideLink key={path} path={path} icon={icon} label={t(`nav.${name}`)} />
            ))}
          </div>
        ))}
      </nav>
      <div className="flex flex-col items-center gap-1 border-line border-t pt-2 lg:flex-row">
        <ConnectionDot />
        <FootButton icon="keyboard" label={t('keys.title')} onClick={() => onOpen('keys')} />
        <FootButton icon="sliders" label={t('preferences.title')} onClick={() => onOpen('preferences')} />
      </div>
    </header>
  )
}

type IconName = Parameters<typeof Icon>[0]['name']

function SideLink({ path, icon, label }: { readonly path: string; readonly icon: IconName; readonly label: string }) {
  return (
    <NavLink
      to={path}
      title={label}
      className={({ isActive }) =>
        `flex min-h-8 items-center justify-center gap-2.5 rounded-md px-2 transition-colors lg:justify-start ${
          isActive ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-canvas hover:text-text'
        }`
      }
    >
      <Icon name={icon} />
      <span className="sr-only lg:not-sr-only">{label}</span>
    </NavLink>
  )
}

interface FootButtonProps {
  readonly icon: IconName
  readonly label: string
  readonly onClick: () => void
}

function FootButton({ icon, label, onClick }: FootButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="flex size-8 items-center justify-center rounded-md text-muted hover:bg-canvas hover:text-text"
    >
      <Icon name={icon} />
    </button>
  )
}
