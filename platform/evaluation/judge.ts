import { messageOf, SentinelError } from '../errors.ts'
import type { Box } from '../events/frame.ts'
import type { FrameImage } from '../events/image.ts'
import type { Model } from '../ports/model.ts'
import type { FoundBox, JudgedPicture, TruthBox } from './boxes.ts'
import type { Dataset, LabelledPicture, LabelledTruth } from './labelled/dataset.ts'

export interface JudgeOptions {
  /** Boxes of truth whose longer side is shorter are ignored, pixels. */
  readonly minSize: number
  /** Of which less can be seen too, a share. */
  readonly minVisibility: number
  /** What the model calls a class of the data set. */
  readonly rename: ReadonlyMap<string, string>
  readonly onProgress: (done: number, total: number) => void
}

export interface GroupedPicture extends JudgedPicture {
  readonly groups: LabelledPicture['groups']
}

/** Lets a model look at every picture of a data set. @throws SentinelError that names a picture that cannot be read. */
export async function judge(
  model: Pick<Model, 'detect' | 'parallel'>,
  { pictures }: Pick<Dataset, 'pictures'>,
  read: (file: string) => Promise<FrameImage>,
  options: JudgeOptions,
): Promise<GroupedPicture[]> {
  const judged: GroupedPicture[] = new Array(pictures.length)
  let [next, done] = [0, 0]
  const work = async (): Promise<void> => {
    while (next < pictures.length) {
      const at = next++
      judged[at] = await judgeOne(model, pictures[at]!, read, options)
      options.onProgress(++done, pictures.length)
    }
  }
  // While one picture is looked at another one is read.
  await Promise.all(Array.from({ length: model.parallel * 2 }, work))
  return judged
}

async function judgeOne(
  model: Pick<Model, 'detect'>,
  { file, truth, groups }: LabelledPicture,
  read: (file: string) => Promise<FrameImage>,
  options: JudgeOptions,
): Promise<GroupedPicture> {
  try {
    const image = await read(file)
    const { boxes } = await model.detect(image)
    return {
      truth: truth(image).map((box) => asked(box, options)),
      found: boxes.map((box) => inPixels(box, image)),
      groups,
    }
  } catch (cause) {
    throw new SentinelError('INPUT_INVALID', `${file} cannot be evaluated: ${messageOf(cause)}`, { cause })
  }
}

/** Ignored where it is too small or too hidden to be asked for. */
function asked({ visibility = 1, ...box }: LabelledTruth, { minSize, minVisibility, rename }: JudgeOptions): TruthBox {
  const [, , width, height] = box.box
  const isIgnored = Math.max(width, height) < minSize || visibility < minVisibility
  return { ...box, class: rename.get(box.class) ?? box.class, ...(isIgnored && { isIgnored }) }
}

function inPixels(
  { class: name, score, box: [x, y, w, h] }: Box,
  { width, height }: { readonly width: number; readonly height: number },
): FoundBox {
  return { class: name, score, box: [x * width, y * height, w * width, h * height] }
}
