/** The page's own way to the network; apart from the questions, which are fetched after the first screen is drawn. */
export const pageFetch = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
