import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpStatus,
  Logger,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { describeError } from './describe-error';

/**
 * Every error leaves as `{statusCode, errorCode, message, timestamp}`. What is not the client's
 * fault is logged in full and answered without details.
 */
@Catch()
export class ExceptionsFilter implements ExceptionFilter {
  private readonly logger = new Logger(ExceptionsFilter.name);

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { statusCode, errorCode, message } = describeError(exception);
    if (statusCode >= 500) {
      this.logger.error(exception instanceof Error ? exception.stack : exception);
    }
    this.adapterHost.httpAdapter.reply(
      host.switchToHttp().getResponse(),
      {
        statusCode,
        errorCode: errorCode ?? `HTTP_${HttpStatus[statusCode] ?? 'ERROR'}`,
        message,
        timestamp: new Date().toISOString(),
      },
      statusCode,
    );
  }
}
