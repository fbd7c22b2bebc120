/** Is this `npm run test:long`? It asks what `npm test` leaves to others, and asks more of it. */
export const IS_LONG = process.env['STAGEDOOR_TEST_ALL'] === 'yes';
