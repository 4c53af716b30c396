/** Numbers as they stand in a column, with decimal points or decimal commas. */

const POINT = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;
const COMMA = /^\d+,\d+$/;
/** May be a thousand and more, or one and less: 1,234. */
const EITHER = /^\d{1,3},\d{3}$/;

/** How numbers are written in a column: unsure when every one of them with a comma may have it between thousands. */
export type Decimal = 'point' | 'comma' | 'unsure';

/** Whether a cell is a number, however it is written. */
export function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && (POINT.test(cell) || COMMA.test(cell));
}

/** How the numbers of a column are written, all of them one way. */
export function decimalOf(cells: readonly (string | undefined)[]): Decimal {
  const commas = cells.filter((cell) => cell !== undefined && COMMA.test(cell));
  if (commas.length === 0) return 'point';
  return commas.every((cell) => cell !== undefined && EITHER.test(cell)) ? 'unsure' : 'comma';
}

/** The number in a cell; NaN when it is none, or written in another way than the column's others. */
export function numberIn(cell: string | undefined, decimal: Decimal): number {
  if (cell === undefined) return NaN;
  if (decimal === 'comma') return /^\d+(,\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : NaN;
  return POINT.test(cell) ? Number(cell) : NaN;
}
