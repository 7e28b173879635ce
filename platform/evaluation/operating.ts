/** From which score on a box is shown, tracked and counted: that of detect. */
export const OPERATING_SCORE = 0.4
