const [QUOTE, BACKSLASH, COMMA, CLOSE] = [0x22, 0x5c, 0x2c, 0x7d];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a value lies: a text without its quotes. Empty for null, and for what is not there. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

interface Field {
  readonly name: Uint8Array;
  readonly place: { -readonly [End in keyof Place]: Place[End] };
}

/**
 * An object of JSON among other bytes, as JSON.stringify writes it, that holds texts, numbers and nulls alone. Its values stay
 * where they are: of a million, made for a moment each, a browser frees the memory late.
 */
export class FlatObject<Key extends string> {
  readonly places: Readonly<Record<Key, Place>>;
  bytes = new Uint8Array();
  readonly #fields: readonly Field[];

  constructor(keys: readonly Key[]) {
    this.#fields = keys.map((key) => ({ name: encoder.encode(key), place: { from: 0, to: 0 } }));
    const places = keys.map((key, index) => [key, this.#fields[index]?.place]);
    this.places = Object.fromEntries(places) as Record<Key, Place>; // one for each key
  }

  /** Finds the values of the object that begins at `start`. */
  read(bytes: Uint8Array<ArrayBuffer>, start: number): void {
    this.bytes = bytes;
    for (const { place } of this.#fields) place.from = place.to = 0;
    let at = start;
    do {
      const name = at + 1;
      const value = endOfText(bytes, name) + 1;
      const isText = bytes[value] === QUOTE;
      at = isText ? endOfText(bytes, value) : endOfNumber(bytes, value);
      const place = this.#placeOf({ from: name + 1, to: value - 2 });
      if (place === undefined || !(isText || isDigit(bytes[value]))) continue;
      place.from = isText ? value + 1 : value;
      place.to = isText ? at - 1 : at;
    } while (bytes[at] === COMMA);
  }

  #placeOf(key: Place): Field['place'] | undefined {
    return this.#fields.find(({ name }) => isAt(this.bytes, key, name))?.place;
  }
}

/** What the text at a place stands for. */
export function textAt(bytes: Uint8Array, { from, to }: Place): string {
  return JSON.parse(`"${decoder.decode(bytes.subarray(from, to))}"`) as string; // what is between quotes is one
}

export function numberAt(bytes: Uint8Array, { from, to }: Place): number {
  let number = 0;
  for (let at = from; at < to; at++) number = 10 * number + (bytes[at] ?? 0) - 0x30;
  return number;
}

/** The number that hexadecimal digits make. */
export function hexAt(bytes: Uint8Array, { from, to }: Place): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    number = 16 * number + (isDigit(byte) ? byte - 0x30 : (byte & 0xf) + 9);
  }
  return number;
}

/** Are these the bytes at a place? */
export function isAt(bytes: Uint8Array, { from, to }: Place, sought: Uint8Array): boolean {
  if (to - from !== sought.length) return false;
  for (let index = 0; index < sought.length; index++) if (bytes[from + index] !== sought[index]) return false;
  return true;
}

/** The place behind the second quote of a text. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** The place behind a number or a null. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== COMMA && bytes[at] !== CLOSE) at++;
  return at;
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
