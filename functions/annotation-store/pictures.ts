import { lightOf } from '../../platform/annotations/light.ts'
import { storeImage } from '../../platform/datasets/store.ts'
import { SentinelError } from '../../platform/errors.ts'
import type { Light } from '../../platform/events/annotation.ts'
import type { Context } from '../../platform/function.ts'
import type { declaration } from './function.ts'

/** Keeps an item's picture under what it is, where retention of the clips does not reach. @throws SentinelError `NOT_FOUND` */
export async function keepPicture(
  key: string,
  { objects, pictures }: Pick<Context<typeof declaration>, 'objects' | 'pictures'>,
): Promise<{ digest: string; light: Light }> {
  const jpeg = await objects.get('sentinel-clips', key)
  if (!jpeg) {
    const message = `The picture ${key} is gone, so nothing can be learnt from its verdict. Keep clips for longer.`
    throw new SentinelError('NOT_FOUND', message)
  }
  const light = lightOf(await pictures.decode(jpeg))
  return { digest: await storeImage(objects, jpeg), light }
}
