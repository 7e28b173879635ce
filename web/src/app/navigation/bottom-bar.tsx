import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { Icon } from '../../components/ui/icon.tsx'
import { ALL_PAGES } from '../pages.ts'

const FIRST = ['live', 'map', 'events', 'triage']
const ITEM = 'flex min-h-13 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem]'

/** For a thumb: the pages of the day, and the way to all others. */
export function BottomBar({ onMore }: { readonly onMore: () => void }) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('nav.main')}
      className="flex shrink-0 border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden [[data-wall]_&]:hidden"
    >
      {ALL_PAGES.filter(({ name }) => FIRST.includes(name)).map(({ path, name, icon }) => (
        <NavLink
          key={path}
          to={path}
          className={({ isActive }) => `${ITEM} ${isActive ? 'font-medium text-accent' : 'text-muted'}`}
        >
          <Icon name={icon} />
          {t(`nav.${name}`)}
        </NavLink>
      ))}
      <button type="button" onClick={onMore} className={`${ITEM} text-muted`}>
        <Icon name="more" />
        {t('nav.more')}
      </button>
    </nav>
  )
}
