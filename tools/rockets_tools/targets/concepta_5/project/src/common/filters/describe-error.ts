import { RuntimeException } from '@concepta/nestjs-exception';
import {
  ReferenceIdNoMatchException,
  ReferenceValidationException,
} from '@concepta/typeorm-common';
import { HttpException, HttpStatus } from '@nestjs/common';
import { EntityNotFoundError } from 'typeorm';
import { databaseErrorOf, describeDatabaseError } from './describe-database-error';

export interface ErrorDescription {
  statusCode: number;
  /** Follows from the status where it is not given. */
  errorCode?: string;
  message: string | string[];
}

const JWT_ERRORS = new Set(['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError']);

const INTERNAL: ErrorDescription = {
  statusCode: HttpStatus.INTERNAL_SERVER_ERROR,
  message: 'Internal Server Error',
};

/** What the client is told about an error that reached the top. */
export function describeError(exception: unknown): ErrorDescription {
  const error = rootCause(exception);
  if (error instanceof HttpException) {
    return { statusCode: error.getStatus(), message: httpMessage(error) };
  }
  if (error instanceof RuntimeException) {
    return describeRuntimeException(error);
  }
  if (error instanceof ReferenceValidationException) {
    const messages = error.context.validationErrors.flatMap(({ constraints }) =>
      Object.values(constraints ?? {}),
    );
    return { statusCode: HttpStatus.BAD_REQUEST, message: messages };
  }
  if (error instanceof ReferenceIdNoMatchException || error instanceof EntityNotFoundError) {
    return { statusCode: HttpStatus.NOT_FOUND, message: 'Not Found' };
  }
  if (error instanceof Error && JWT_ERRORS.has(error.name)) {
    return { statusCode: HttpStatus.UNAUTHORIZED, message: 'Unauthorized' };
  }
  const databaseError = databaseErrorOf(error);
  return (
    (databaseError ? describeDatabaseError(databaseError) : describeMiddlewareError(error)) ??
    INTERNAL
  );
}

/** The SDK wraps what went wrong, even a refusal, in exceptions of its own. */
function rootCause(exception: unknown): unknown {
  let error = exception;
  while (error instanceof Error && !isRefusal(error)) {
    const { context } = error as { context?: { originalError?: unknown } };
    if (!(context?.originalError instanceof Error)) {
      break;
    }
    error = context.originalError;
  }
  return error;
}

function isRefusal(error: Error): boolean {
  return error instanceof RuntimeException && isClientsFault(error.httpStatus);
}

function isClientsFault(status: number): boolean {
  return status < 500;
}

function httpMessage(error: HttpException): string | string[] {
  const response = error.getResponse();
  if (typeof response === 'string') {
    return response;
  }
  // The SDK's JWT guard throws one whose response has the key and no message.
  const { message } = response as { message?: string | string[] };
  return message ?? error.message;
}

function describeRuntimeException(error: RuntimeException): ErrorDescription {
  const message = isClientsFault(error.httpStatus)
    ? (error.safeMessage ?? error.message)
    : error.safeMessage;
  return {
    statusCode: error.httpStatus,
    errorCode: error.errorCode,
    message: message ?? INTERNAL.message,
  };
}

/** Body parsers refuse with plain errors that carry a status and say that it may be shown. */
function describeMiddlewareError(error: unknown): ErrorDescription | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { expose, status } = error as { expose?: unknown; status?: unknown };
  return expose === true && typeof status === 'number' && isClientsFault(status)
    ? { statusCode: status, message: error.message }
    : undefined;
}
