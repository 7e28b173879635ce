import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { timeText } from '../../../lib/times.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { useWish } from '../../../lib/use-wish.ts'
import { AddGoldDocument, GoldItemsDocument, RemoveGoldDocument } from '../api/gold.ts'

/** Whether an item scores those who judge it, and the switch between. */
export function Gold({ itemId }: { readonly itemId: string }) {
  const { t, i18n } = useTranslation()
  const { data, refresh } = useFreshQuery(GoldItemsDocument)
  const add = useWish(AddGoldDocument, refresh)
  const remove = useWish(RemoveGoldDocument, refresh)
  if (!data) return null
  const known = data.goldItems.find((item) => item.itemId === itemId)
  const wish = known ? remove : add
  const since = known && timeText(known.addedAt, i18n.language, 'moment')
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-muted">
        {known ? t('verdicts.isGold', { by: known.addedBy, since }) : t('verdicts.goldHelp')}
      </p>
      {wish.problem && (
        <p role="alert" className="text-bad">
          {wish.problem}
        </p>
      )}
      <Button onClick={() => void wish.send({ itemId })} disabled={wish.isSending}>
        {t(known ? 'verdicts.removeGold' : 'verdicts.addGold')}
      </Button>
    </div>
  )
}
