// What does the mock's company sell, and which systems does it run?

export const web = { id: 's_0001', name: 'Web shop' }
export const backend = { id: 's_0002', name: 'Order system' }
export const products = [
  { product_id: 'hub-2', name: 'Northlight Hub 2', category: 'Hubs', price: 12900 },
  { product_id: 'cam-in', name: 'Indoor Camera', category: 'Cameras', price: 7900 },
  { product_id: 'cam-out', name: 'Outdoor Camera Pro', category: 'Cameras', price: 18900 },
  { product_id: 'bulb-4', name: 'Warm Bulb, pack of 4', category: 'Lights', price: 3900 },
  { product_id: 'plus', name: 'Plus plan, 12 months', category: 'Plans', price: 5900 },
]
export const eur = (minor) => ({ minor, currency: 'EUR' })
export const iso = (ms) => new Date(ms).toISOString()
