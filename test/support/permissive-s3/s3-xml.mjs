/*
 * XML as S3 writes and reads it. All texts are byte strings: one character for each byte of UTF-8, so that a document can hold
 * the bytes of any key.
 */
/** @typedef {'escaped' | 'raw'} ControlCharacters */

const NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
/** @type {Readonly<Record<string, string>>} */
const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** @type {Readonly<Record<string, string>>} */
const REFERENCES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const WRITES = { escaped: /[&<>"\0-\x1f\x7f]/g, raw: /[&<>"]/g };

/**
 * @param {string} root
 * @param {string} content
 * @param {string} [namespace]
 */
export function document(root, content, namespace = NAMESPACE) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${content}</${root}>`;
}

/**
 * @param {string} name
 * @param {string} content
 */
export function element(name, content) {
  return `<${name}>${content}</${name}>`;
}

/**
 * @param {string} name
 * @param {string | number | boolean} value
 * @param {ControlCharacters} [controls] how control characters are written. XML 1.0 allows neither.
 */
export function textElement(name, value, controls = 'escaped') {
  const text = String(value).replace(
    WRITES[controls],
    (character) => NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
  return element(name, text);
}

/**
 * The contents of all elements of that name, which are neither nested in each other nor have attributes.
 *
 * @param {string} name
 * @param {string} xml a byte string.
 */
export function elementsNamed(name, xml) {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, content = '']) => content);
}

/**
 * The text of the only element of that name, or undefined where there is none.
 * @param {string} name
 * @param {string} xml
 */
export function textNamed(name, xml) {
  const [content] = elementsNamed(name, xml);
  return content === undefined ? undefined : unescaped(content);
}

/**
 * Is it UTF-8 without a character that XML 1.0 forbids, written plainly or as a reference?
 * @param {string} xml
 */
export function isLegalXml(xml) {
  if (!Buffer.from(Buffer.from(xml, 'latin1').toString('utf8')).equals(Buffer.from(xml, 'latin1')))
    return false;
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]/.test(xml)) return false;
  const references = [...xml.matchAll(/&([^;&<]*;?)/g)].map(([, reference = '']) => reference);
  return references.every((reference) => characterOf(reference) !== undefined);
}

/**
 * A parser of XML reads every end of a line as a line feed, unless it is written as a reference.
 * @param {string} text
 */
function unescaped(text) {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/&([^;]*;)/g, (all, reference) => characterOf(reference) ?? all);
}

/** @param {string} reference */
function characterOf(reference) {
  const [, hex, decimal, name] = /^(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));$/i.exec(reference) ?? [];
  if (name !== undefined) return REFERENCES[name];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isLegal = code >= 0x20 || code === 9 || code === 10 || code === 13;
  if (!isLegal || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return Buffer.from(String.fromCodePoint(code)).toString('latin1');
}
