/** The browser's offer to put the app on the home screen, kept from the moment it is made until a calm one. */
export type Offer = Event & { prompt: () => Promise<{ outcome: 'accepted' | 'dismissed' }> };

export const held: { offer: Offer | null } = { offer: null };

/** Keeps the browser from asking by itself. */
export function hold(event: Event): void {
  event.preventDefault();
  held.offer = event as Offer;
}
