import { useTranslation } from 'react-i18next'
import { Notice } from './notice.tsx'

/** Characters of an id that tell it from others. */
const MOST = 60

interface GoneProps {
  readonly what: 'camera' | 'event' | 'model' | 'training' | 'dataset' | 'dispute'
  /** As the address names it. */
  readonly id: string
}

/** The address names something that is not there: what is shown in its place, or where to look. */
export function Gone({ what, id }: GoneProps) {
  const { t } = useTranslation()
  return <Notice>{t(`gone.${what}`, { id: id.length > MOST ? `${id.slice(0, MOST)}…` : id })}</Notice>
}
