// Which pages stand before the engine can answer them? No address of the product leads to these.

/**
 * Segments: only in a build for the mock (`vite build --mode mock`), until the engine serves
 * `/api/segments` and `/api/definitions`.
 */
export const IS_DECIDE_READY = import.meta.env.MODE === 'mock'
