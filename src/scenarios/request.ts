/** Header that carries the request's index: 0, 1, 2 ... when measured, -1, -2 ... while warming up. */
export const REQUEST_HEADER = 'x-request';
