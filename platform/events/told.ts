import { z } from 'zod'

/** A sentence for who words it in another language: its key in `SAYINGS` or `REFUSALS`, and what its blanks hold. */
export const Told = z.object({
  reason: z.string().min(1),
  blanks: z.array(z.object({ name: z.string().min(1), value: z.string() })).readonly(),
})
export type Told = z.infer<typeof Told>
