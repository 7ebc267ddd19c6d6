import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate, IsInt, isISO8601, Max, Min, registerDecorator, ValidateIf } from 'class-validator';
import { AsJson } from './json.decorator';

const INT4_MIN = -2_147_483_648;
const INT4_MAX = 2_147_483_647;

/** May be left out; null is refused, which `@IsOptional()` would let through. */
export function IsOmittable(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** A whole number that fits an `integer` column. */
export function IsInteger(): PropertyDecorator {
  return applyDecorators(IsInt(), Min(INT4_MIN), Max(INT4_MAX));
}

/** A number that a `numeric(precision, scale)` column holds without rounding. */
export function IsFixedPoint(precision: number, scale: number): PropertyDecorator {
  const limit = 10 ** (precision - scale);
  return property(
    'isFixedPoint',
    (value) =>
      typeof value === 'number' &&
      Math.abs(value) < limit &&
      Number(value.toFixed(Math.min(scale, 100))) === value,
    `must be a number with at most ${scale} decimals, smaller than 10^${precision - scale}`,
  );
}

/** A moment as an ISO 8601 string, taken in as a `Date`. */
export function IsTimestamp(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      isISO8601(value, { strict: true }) ? new Date(String(value)) : value,
    ),
    IsDate(),
  );
}

/** Any JSON but null, which would be a value of its own beside the database's NULL. */
export function IsJson(): PropertyDecorator {
  const isPresent = (value: unknown) => value !== undefined && value !== null;
  return applyDecorators(AsJson(), property('isJson', isPresent, 'must be JSON and not null'));
}

function property(
  name: string,
  validate: (value: unknown) => boolean,
  message: string,
): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate, defaultMessage: () => `$property ${message}` },
    });
  };
}
