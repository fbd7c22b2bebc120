/**
 * The value whose turn it is when all values of a list are taken one after the other, again and again.
 *
 * @template Value
 * @param {readonly Value[]} list that is not empty
 * @param {number} index
 */
export function inTurn(list, index) {
  return /** @type {Value} */ (list[index % list.length]);
}
