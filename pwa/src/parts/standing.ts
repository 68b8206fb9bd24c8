/** How a measure can stand. `notMet` exists only when the period has ended; before that it is behind. */
export type Standing = 'met' | 'onTrack' | 'behind' | 'notMet' | 'unmeasurable';
