import { z } from 'zod'
import { messageOf, SentinelError } from '../errors.ts'

const schema = z.strictObject({
  family: z.string().optional(),
  names: z.array(z.string().min(1)).min(1).optional(),
  colours: z.enum(['bgr', 'rgb']).optional(),
  /** Pixel values 0–255 are multiplied by it: 1, or 1/255 = 0.00392… */
  scale: z.number().positive().optional(),
  placement: z.enum(['top-left', 'centred']).optional(),
  padding: z.number().min(0).max(255).optional(),
  /** false: a model that declares one size runs at no other, though a picture of another shape leaves much of it empty. */
  rectangular: z.boolean().optional(),
  /** Long side of the input where the model takes any size, pixels. */
  longSide: z.int().min(32).max(4096).optional(),
})

/** What a person says of a model where its file does not: `<model>.json`. */
export type SideFile = z.infer<typeof schema>

/** @throws SentinelError `MODEL_INVALID` that names what is not understood. */
export function parseSideFile(text: string, file: string): SideFile {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    const known = Object.keys(schema.shape).join(', ')
    throw new SentinelError('MODEL_INVALID', `${file} does not describe a model: ${reason}. It may say: ${known}.`, {
      cause,
    })
  }
}
