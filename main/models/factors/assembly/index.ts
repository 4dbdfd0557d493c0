// What the workbench's kernel module exports for the models of factors.
export { orderCount, orderPlaces, orderScatter } from './order';
export { singlesCount, singlesPlaces, singlesScatter } from './singles';
