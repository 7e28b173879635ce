import { z } from 'zod'
import { messageOf, SentinelError } from '../errors.ts'

/** What a person says of a model where its file does not: `<model>.json`. */
export const SideFile = z.strictObject({
  /** What people call it; without it the name of its file. */
  name: z.string().min(1).max(200).optional(),
  family: z.string().optional(),
  names: z.array(z.string().min(1)).min(1).optional(),
  colours: z.enum(['bgr', 'rgb']).optional(),
  /** Pixel values 0–255 are multiplied by it: 1, or 1/255 = 0.00392… */
  scale: z.number().positive().optional(),
  /** Then taken away from each channel, and what is left divided by `deviation`; in the order of `colours`. */
  mean: z.tuple([z.number(), z.number(), z.number()]).optional(),
  deviation: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).optional(),
  placement: z.enum(['top-left', 'centred']).optional(),
  padding: z.number().min(0).max(255).optional(),
  /** `adaptive`: pictures that are dark are lifted before they go in, by their own brightness. */
  tone: z.enum(['adaptive', 'none']).optional(),
  /** Both sides of the input are multiples of it, pixels. */
  stride: z.int().min(1).max(256).optional(),
  /** false: a model that declares one size runs at no other, though a picture of another shape leaves much of it empty. */
  rectangular: z.boolean().optional(),
  /** Long side of the input where the model takes any size, pixels. */
  longSide: z.int().min(32).max(4096).optional(),
  /** `shipped`: it comes with Sentinel. */
  origin: z.enum(['shipped']).optional(),
  /** A file beside the model's with what is known of it, in Markdown. */
  card: z
    .string()
    .regex(/^[\w.-]+\.md$/)
    .optional(),
})

export type SideFile = z.infer<typeof SideFile>

/** What of it also holds for a model that learnt from this one. */
export function inherited({ origin, card, ...rest }: SideFile): SideFile {
  return rest
}

/** @throws SentinelError `MODEL_INVALID` that names what is not understood. */
export function parseSideFile(text: string, file: string): SideFile {
  try {
    return SideFile.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    const known = Object.keys(SideFile.shape).join(', ')
    throw new SentinelError('MODEL_INVALID', `${file} does not describe a model: ${reason}. It may say: ${known}.`, {
      cause,
    })
  }
}
