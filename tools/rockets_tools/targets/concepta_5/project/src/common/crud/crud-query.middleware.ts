import { BadRequestException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

const PAGING = new Set(['limit', 'per_page', 'page', 'offset']);
const CONDITIONS = new Set(['filter', 'or']);

/**
 * Guards the list routes that the SDK serves itself. Its query language puts field names into SQL
 * as they come and reaches every column, password hashes too. Here only these columns can be
 * filtered and sorted by, nothing can be joined, and a write takes no query at all.
 */
export function restrictCrudQuery(columns: readonly string[]) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    for (const [parameter, value] of Object.entries(request.query)) {
      if (request.method !== 'GET' || !isAllowed(parameter, value, columns)) {
        throw new BadRequestException([`the query parameter ${parameter} is not allowed here`]);
      }
    }
    next();
  };
}

function isAllowed(parameter: string, value: unknown, columns: readonly string[]): boolean {
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  if (!texts.every((text) => typeof text === 'string')) {
    return false;
  }
  if (CONDITIONS.has(parameter)) {
    return texts.every((text) => columns.includes(text.split('||', 1)[0] ?? ''));
  }
  if (parameter === 'sort') {
    return texts.every((text) => columns.includes(text.split(',', 1)[0] ?? ''));
  }
  return PAGING.has(parameter);
}
