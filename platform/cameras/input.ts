import { z } from 'zod'
import { ruleText } from '../refusal.ts'
import { Schedule } from './schedule.ts'

/** PostgreSQL takes neither NUL nor half a surrogate pair, and no name has a use for other control characters. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text)
}

/** What a person says about a camera. */
export const CameraInput = z.object({
  name: z
    .string(ruleText('cameraName'))
    .trim()
    .min(1, ruleText('cameraName'))
    .max(200, ruleText('nameTooLong'))
    .refine(isPrintable, ruleText('nameUnprintable')),
  source: z.string(ruleText('cameraSource')),
  latitude: z.number().min(-90, ruleText('latitude')).max(90, ruleText('latitude')).nullish(),
  longitude: z.number().min(-180, ruleText('longitude')).max(180, ruleText('longitude')).nullish(),
  /** Degrees clockwise from north. */
  heading: z.number().min(0, ruleText('heading')).lt(360, ruleText('heading')).nullish(),
  enabled: z.boolean().optional(),
  /** Frames a second to take. */
  fps: z.number().positive(ruleText('fpsTooLow')).max(60, ruleText('fpsTooHigh')).nullish(),
  /** When it is watched; null for always. */
  schedule: Schedule.nullish(),
})
export type CameraInput = z.infer<typeof CameraInput>

export const CameraChanges = CameraInput.partial()
export type CameraChanges = z.infer<typeof CameraChanges>
