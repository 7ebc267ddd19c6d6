import './config/environment';
import { SwaggerUiService } from '@concepta/nestjs-swagger-ui';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';

const JSON_BODY_LIMIT = '1mb';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.useBodyParser('json', { limit: JSON_BODY_LIMIT });
  app.disable('x-powered-by');
  // Texts and lists of texts: what the CRUD query layer expects, and no objects made of brackets.
  app.set('query parser', 'simple');
  app.enableShutdownHooks();

  const swaggerUi = app.get(SwaggerUiService);
  swaggerUi.builder().addBearerAuth();
  swaggerUi.setup(app);

  await app.listen(Number(process.env.PORT || 3000), process.env.HOST || '127.0.0.1');
  const url = await app.getUrl();
  Logger.log(`Listening on ${url}, API documentation at ${url}/api`, 'Application');
}

void bootstrap();
