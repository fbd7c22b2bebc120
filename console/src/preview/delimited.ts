import { MOST_ROWS, type TableData } from './table-data.js';

/** The header and the first rows of a CSV (RFC 4180) or TSV. A cell is text: what looks like a formula, too. */
export function parseDelimited(text: string, delimiter: string): TableData {
  const [columns = [], ...rows] = firstRecords(text, delimiter, MOST_ROWS + 1);
  return { columns, rows };
}

function firstRecords(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = [];
  let [record, cell, isQuoted]: [string[], string, boolean] = [[], '', false];
  for (let at = 0; at < text.length && records.length < most; at++) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === delimiter) {
      record.push(cell);
      cell = '';
    } else if (character === '\n') {
      records.push([...record, cell.replace(/\r$/, '')]);
      [record, cell] = [[], ''];
    } else cell += character;
  }
  if (records.length < most && (cell !== '' || record.length > 0)) records.push([...record, cell]);
  return records;
}
