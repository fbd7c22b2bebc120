/** Something that a row needs cannot be had on this machine: the row says so and the others go on. */
export class Unavailable extends Error {}
