import { HttpStatus } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import type { ErrorDescription } from './describe-error';

/** What PostgreSQL reports; see the appendix "PostgreSQL Error Codes" of its manual. */
export interface DatabaseError {
  code?: string;
  column?: string;
  detail?: string;
}

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
/** Since PostgreSQL 18 what a RESTRICT foreign key reports. */
const RESTRICT_VIOLATION = '23001';
const NOT_NULL_VIOLATION = '23502';
/** Values that do not fit their column: bad dates, numbers out of range, texts too long, NULs. */
const DATA_EXCEPTION_CLASS = '22';
/** A failed check; a value too large for the index of a unique column. */
const INVALID_VALUE = new Set(['23514', '54000']);
/** An operator of the query language that the type of the column does not have. */
const WRONG_OPERATOR = new Set(['42883', '42804']);

export function databaseErrorOf(error: unknown): DatabaseError | undefined {
  return error instanceof QueryFailedError ? (error.driverError as DatabaseError) : undefined;
}

/** The client's part in a database error, or undefined when it is none of his fault. */
export function describeDatabaseError(error: DatabaseError): ErrorDescription | undefined {
  const code = error.code ?? '';
  if (code === UNIQUE_VIOLATION) {
    return { statusCode: HttpStatus.CONFLICT, message: `${columns(error)} already exists` };
  }
  if (code === FOREIGN_KEY_VIOLATION && !error.detail?.includes('still referenced')) {
    const message = `${columns(error)} refers to a record that does not exist`;
    return { statusCode: HttpStatus.CONFLICT, message };
  }
  if (code === FOREIGN_KEY_VIOLATION || code === RESTRICT_VIOLATION) {
    return { statusCode: HttpStatus.CONFLICT, message: 'The record is still in use' };
  }
  if (code === NOT_NULL_VIOLATION) {
    return {
      statusCode: HttpStatus.BAD_REQUEST,
      message: [`${error.column ?? 'A value'} should not be empty`],
    };
  }
  if (code.startsWith(DATA_EXCEPTION_CLASS) || INVALID_VALUE.has(code)) {
    return { statusCode: HttpStatus.BAD_REQUEST, message: 'A value is not valid for its field' };
  }
  if (WRONG_OPERATOR.has(code)) {
    return { statusCode: HttpStatus.BAD_REQUEST, message: 'An operator does not fit its field' };
  }
  return undefined;
}

/** The columns of `Key (email, "userId")=(...) already exists.`; the values are not repeated. */
function columns({ detail }: DatabaseError): string {
  return /^Key \((.*?)\)=/.exec(detail ?? '')?.[1]?.replace(/"/g, '') ?? 'A value';
}
